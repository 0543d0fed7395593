"""Attribute names as they are spoken: "usb 2 0 ports quantity" is "USB 2.0 ports".

Feeds write names in lower case and without marks; this puts back what reading needs. Knows no
values.
"""

from __future__ import annotations

import re
from functools import lru_cache

_ACRONYMS = {
    word.lower(): word
    for word in (
        "USB", "HDMI", "VGA", "DVI", "LAN", "LED", "LCD", "OLED", "GPS", "FM", "SPF", "BPA",
        "PVC", "UV", "RJ", "AC", "DC", "DVD", "CD", "TV", "PC", "RAM", "ROM", "SSD", "HDD",
        "ECC", "RAID", "PoE", "IP", "NFC", "DPI", "SIM", "WLAN", "CPU", "GPU", "SD", "RGB",
        "HD", "OS", "PDU", "UPS", "PS", "KVM", "VESA", "AMOLED", "PFC", "TSA", "EU", "SNMP",
        "IPS", "HDR",
    )
} | {"ph": "pH", "bluetooth": "Bluetooth", "ethernet": "Ethernet", "intel": "Intel",
     "windows": "Windows", "mac": "Mac", "oeko-tex": "Oeko-Tex", "ipx": "IPX",
     "usb-c": "USB-C", "usb-a": "USB-A", "wi-fi": "Wi-Fi"}  # fmt: skip
_FIXES = (
    (re.compile(r"\bwi fi\b"), "Wi-Fi"),
    (re.compile(r"\b(\w+) s\b"), r"\1s"),
    (re.compile(r"\b(\d) (\d)\b"), r"\1.\2"),
    (re.compile(r" quantity$"), ""),
    (re.compile(r"^number of "), ""),
    (re.compile(r"^(?:product|item) (?=colour|color|width|height|depth|length|weight)"), ""),
    (re.compile(r"\b(built|on|plug) (in|board)\b"), r"\1-\2"),
    (re.compile(r"\s*\((?:min|max|typical|wxdxh|w x d x h)\)"), ""),
)


@lru_cache(maxsize=8192)
def spoken(name: str) -> str:
    """Return an attribute's name as one says it."""
    for pattern, change in _FIXES:
        name = pattern.sub(change, name)
    return " ".join(_ACRONYMS.get(word, word) for word in name.split())
