"""The drawings of the demo's product types: SVG elements on a 160 x 160 field, by type code.

`{c}` is the product's colour, `{d}` a darker and `{l}` a lighter shade of it, `{k}` ink and `{p}`
paper. Outlines are drawn by the group around them (see `pictures`).
"""

from __future__ import annotations

SHAPES = {
    "HP": """
        <path d="M38 96V80a42 42 0 0 1 84 0v16" fill="none" stroke="{d}" stroke-width="11"/>
        <path d="M38 96V80a42 42 0 0 1 84 0v16" fill="none" stroke="{c}" stroke-width="7"/>
        <rect x="26" y="86" width="24" height="42" rx="11" fill="{c}"/>
        <rect x="110" y="86" width="24" height="42" rx="11" fill="{c}"/>
        <rect x="46" y="90" width="10" height="34" rx="5" fill="{l}"/>
        <rect x="104" y="90" width="10" height="34" rx="5" fill="{l}"/>""",
    "SP": """
        <path d="M126 68q22-8 18 14-4 14-16 12" fill="none" stroke="{k}" stroke-width="5"/>
        <rect x="22" y="54" width="110" height="62" rx="29" fill="{c}"/>
        <ellipse cx="44" cy="85" rx="15" ry="25" fill="{d}"/>
        <ellipse cx="44" cy="85" rx="8" ry="14" fill="{l}"/>
        <path d="M74 68h42M74 79h48M74 90h48M74 101h42" stroke="{l}" stroke-width="4"
            stroke-dasharray="1 8" stroke-linecap="round"/>
        <path d="M78 50h10m8 0h10" stroke="{k}" stroke-width="5" stroke-linecap="round"/>""",
    "SW": """
        <path d="M62 24h36l4 34H58zM58 102h44l-4 34H62z" fill="{c}"/>
        <rect x="48" y="48" width="64" height="64" rx="17" fill="{d}"/>
        <rect x="55" y="55" width="50" height="50" rx="11" fill="{k}"/>
        <path d="M80 66v15l11 8" fill="none" stroke="{p}" stroke-width="4" stroke-linecap="round"/>
        <path d="M62 93h14" stroke="{l}" stroke-width="4" stroke-linecap="round"/>
        <rect x="112" y="72" width="6" height="16" rx="3" fill="{c}"/>""",
    "PB": """
        <rect x="50" y="28" width="60" height="104" rx="13" fill="{c}"/>
        <rect x="72" y="28" width="16" height="6" rx="3" fill="{k}"/>
        <path d="M84 54 66 84h13l-4 24 20-32H82z" fill="{l}"/>
        <path d="M66 120h5m4 0h5m4 0h5" stroke="{p}" stroke-width="4"/>""",
    "KT": """
        <path d="M108 62q28 4 22 30-4 18-24 16" fill="none" stroke="{k}" stroke-width="9"/>
        <path d="M52 52h52l12 66H44z" fill="{c}"/>
        <path d="M50 64 30 58q6 18 17 24z" fill="{l}"/>
        <path d="M56 52q22-18 44 0z" fill="{d}"/><circle cx="78" cy="38" r="5" fill="{k}"/>
        <rect x="40" y="118" width="80" height="10" rx="5" fill="{k}"/>
        <path d="M62 66l-5 42" stroke="{l}" stroke-width="5" stroke-linecap="round"/>""",
    "EM": """
        <path d="M40 30h80v24H84v8H66v-8h-4v54H40z" fill="{c}"/>
        <rect x="40" y="108" width="80" height="20" rx="5" fill="{d}"/>
        <rect x="62" y="56" width="26" height="9" fill="{k}"/>
        <path d="M86 60h32" stroke="{k}" stroke-width="6" stroke-linecap="round"/>
        <path d="M75 68v14" stroke="{k}" stroke-width="3"/>
        <path d="M66 86h20l-3 20H69z" fill="{p}"/><path d="M85 90q9 1 7 8-2 4-9 4" fill="none"/>
        <circle cx="54" cy="42" r="5" fill="{l}"/><circle cx="106" cy="42" r="7" fill="{p}"/>""",
    "FP": """
        <path d="M104 84l38-22" stroke="{d}" stroke-width="14" stroke-linecap="round"/>
        <path d="M104 84l38-22" stroke="{k}" stroke-width="10" stroke-linecap="round"/>
        <circle cx="70" cy="94" r="44" fill="{c}"/><circle cx="70" cy="94" r="34" fill="{d}"/>
        <path d="M48 96q-2-20 20-20 26 0 24 20-4 18-24 14-18 2-20-14z" fill="{p}"/>
        <circle cx="72" cy="94" r="9" fill="#f2b632"/>""",
    "MG": """
        <path d="M104 66q30-4 28 20-3 22-32 20" fill="none" stroke="{d}" stroke-width="12"/>
        <path d="M104 66q30-4 28 20-3 22-32 20" fill="none" stroke="{c}" stroke-width="8"/>
        <path d="M40 52h68v52q0 24-24 24H64q-24 0-24-24z" fill="{c}"/>
        <ellipse cx="74" cy="53" rx="34" ry="8" fill="{k}"/>
        <path d="M52 72v30" stroke="{l}" stroke-width="7" stroke-linecap="round"/>
        <path d="M64 38q-6-7 0-14m18 14q-6-7 0-14" fill="none" stroke-linecap="round"/>""",
    "TS": """
        <path d="M58 34 26 52l12 26 14-6v56h56V72l14 6 12-26-32-18q-22 18-44 0z" fill="{c}"/>
        <path d="M58 34q22 30 44 0-22 14-44 0z" fill="{d}"/>
        <path d="M62 116h36" stroke="{l}" stroke-width="3"/>""",
    "RJ": """
        <path d="M60 38 30 60l-6 58 20 4 8-38v46h56V84l8 38 20-4-6-58-30-22z" fill="{c}"/>
        <path d="M58 42q-4-24 22-26 26 2 22 26-22 22-44 0z" fill="{l}"/>
        <path d="M66 42q0-14 14-14t14 14q-14 12-28 0z" fill="{d}"/>
        <path d="M80 52v78" stroke="{d}" stroke-width="3"/>
        <path d="M60 104h12m16 0h12" stroke="{d}" stroke-width="3"/>""",
    "JU": """
        <path d="M56 36 28 58l-4 60 20 4 8-36v44h56V86l8 36 20-4-4-60-28-22q-24 14-48 0z"
            fill="{c}"/>
        <path d="M58 30q22 10 44 0l2 10q-24 16-48 0z" fill="{d}"/>
        <path d="M64 58l8 8 8-8 8 8 8-8M64 78l8 8 8-8 8 8 8-8M64 98l8 8 8-8 8 8 8-8" fill="none"
            stroke="{l}" stroke-width="3"/>
        <path d="M52 122h56" stroke="{d}" stroke-width="5"/>""",
    "RS": """
        <path d="M22 104q2-28 12-38 12 12 26 0l38 28q26 4 38 14 4 6 2 10H24q-3-8-2-14z"
            fill="{c}"/>
        <path d="M22 112h116q2 14-8 14H30q-9 0-8-14z" fill="{p}"/>
        <path d="M68 74l-8 8m18-1-8 8m18-1-8 8" stroke="{p}" stroke-width="4"
            stroke-linecap="round"/>
        <path d="M34 104q26 4 40-8 20 10 54 10" fill="none" stroke="{l}" stroke-width="4"/>""",
    "HB": """
        <path d="M44 34h40l4 42q34 6 42 20 4 8 2 18H42q4-44 2-80z" fill="{c}"/>
        <path d="M40 112h94v6q-2 8-8 8H44q-6-4-4-14z" fill="{k}"/>
        <rect x="40" y="28" width="48" height="13" rx="6" fill="{l}"/>
        <path d="M66 50h20M66 62h22M70 74h22M80 84l12-8" stroke="{p}" stroke-width="4"
            stroke-linecap="round"/>
        <path d="M112 108q-2-14 12-18" fill="none"/>""",
    "OC": """
        <rect x="52" y="24" width="56" height="54" rx="14" fill="{c}"/>
        <path d="M62 40h36M62 52h36M62 64h36" stroke="{l}" stroke-width="3"/>
        <rect x="44" y="82" width="72" height="15" rx="7" fill="{c}"/>
        <path d="M40 66v18m80-18v18" stroke="{k}" stroke-width="6" stroke-linecap="round"/>
        <path d="M80 97v20M80 117l-34 10m34-10 34 10m-34-10v12" stroke="{k}" stroke-width="6"
            stroke-linecap="round"/>
        <g fill="{d}"><circle cx="45" cy="130" r="5"/><circle cx="80" cy="132" r="5"/>
        <circle cx="115" cy="130" r="5"/></g>""",
    "DL": """
        <path d="M92 72l40 46H66z" fill="#ffe9a8" stroke="none" opacity=".75"/>
        <path d="M52 124V78l34-36" fill="none" stroke="{d}" stroke-width="7"
            stroke-linecap="round"/>
        <circle cx="52" cy="78" r="6" fill="{c}"/>
        <path d="M74 36l38 26-38 18q-14-20 0-44z" fill="{c}" transform="rotate(32 88 56)"/>
        <rect x="28" y="120" width="50" height="10" rx="5" fill="{c}"/>""",
    "DC": """
        <path d="M24 128V52q0-12 10-12t10 12v34h72V74q0-8 10-8t10 8v54" fill="{k}"/>
        <rect x="44" y="64" width="38" height="22" rx="9" fill="{p}"/>
        <path d="M44 84h92v34H44z" fill="{c}"/>
        <path d="M44 84q40-14 92 0v12q-50-10-92 0z" fill="{l}"/>
        <path d="M70 96v22m24-22v22m22-22v22" stroke="{d}" stroke-width="2"/>""",
    "TW": """
        <rect x="32" y="98" width="96" height="26" rx="12" fill="{d}"/>
        <rect x="34" y="72" width="92" height="26" rx="12" fill="{c}"/>
        <rect x="38" y="46" width="84" height="26" rx="12" fill="{l}"/>
        <path d="M108 46v26m-8-26v26" stroke="{d}" stroke-width="3"/>
        <path d="M112 72v26m-8-26v26" stroke="{l}" stroke-width="3"/>
        <path d="M114 98v26m-8-26v26" stroke="{c}" stroke-width="3"/>""",
    "NB": """
        <rect x="46" y="28" width="76" height="104" rx="6" fill="{p}"/>
        <rect x="40" y="26" width="76" height="104" rx="7" fill="{c}"/>
        <path d="M52 26v104" stroke="{d}" stroke-width="3"/>
        <path d="M104 26v104" stroke="{k}" stroke-width="4"/>
        <rect x="60" y="46" width="36" height="18" rx="3" fill="{p}"/>
        <path d="M66 55h24" stroke="{d}"/>
        <path d="M72 130v12l4-4 4 4v-12" fill="{l}"/>""",
    "JP": """
        <path d="M34 52h30q-4-17 11-17t11 17h32v28q17-4 17 11t-17 11v30H86q4-17-11-17t-11
            17H34V96q16 4 16-9t-16-9z" fill="{c}"/>
        <path d="M44 62h18M44 69h9" stroke="{l}" stroke-width="4" stroke-linecap="round"/>
        <path d="M100 122h8" stroke="{l}" stroke-width="4" stroke-linecap="round"/>""",
    "BC": """
        <path d="M58 66C26 26 14 92 44 112M102 66c32-40 44 26 14 46" fill="none" stroke="{d}"
            stroke-width="12" stroke-linecap="round"/>
        <path d="M58 66C26 26 14 92 44 112M102 66c32-40 44 26 14 46" fill="none" stroke="{c}"
            stroke-width="8" stroke-linecap="round"/>
        <circle cx="80" cy="48" r="19" fill="#f3cfb3"/>
        <path d="M61 48q0-22 19-22t19 22q-19-12-38 0z" fill="{k}"/>
        <path d="M52 62q28 14 56 0l8 46q-36 16-72 0z" fill="{c}"/>
        <rect x="24" y="104" width="112" height="19" rx="9" fill="{d}"/>
        <rect x="70" y="107" width="20" height="13" rx="3" fill="{p}"/>
        <path d="M64 80q16 8 32 0v16q-16 8-32 0z" fill="{l}"/>""",
    "FC": """
        <rect x="38" y="70" width="84" height="56" rx="13" fill="{l}"/>
        <rect x="34" y="44" width="92" height="28" rx="8" fill="{c}"/>
        <rect x="52" y="84" width="56" height="28" rx="4" fill="{p}"/>
        <path d="M80 90q-10 8 0 16 10-8 0-16z" fill="{c}"/>
        <path d="M44 52h72" stroke="{l}" stroke-width="3"/>""",
    "SB": """
        <ellipse cx="80" cy="114" rx="54" ry="13" fill="{p}"/>
        <rect x="36" y="66" width="88" height="46" rx="22" fill="{c}"/>
        <rect x="50" y="78" width="60" height="22" rx="11" fill="{l}"/>
        <g fill="{p}"><circle cx="52" cy="50" r="9"/><circle cx="72" cy="38" r="13"/>
        <circle cx="96" cy="50" r="8"/><circle cx="112" cy="36" r="6"/></g>""",
    "ET": """
        <rect x="68" y="66" width="24" height="66" rx="11" fill="{c}"/>
        <path d="M75 66l2-34h6l2 34z" fill="{p}"/>
        <rect x="70" y="20" width="13" height="24" rx="5" fill="{p}"/>
        <path d="M70 24h-9m9 6h-9m9 6h-9m9 5h-9" stroke="{d}" stroke-width="4"/>
        <circle cx="80" cy="84" r="6" fill="{l}"/>
        <path d="M76 102h8m-8 8h8" stroke="{l}" stroke-width="3" stroke-linecap="round"/>""",
    "CB": """
        <path d="M48 36h64l6 94H42z" fill="{c}"/><path d="M50 26h60l2 14H48z" fill="{d}"/>
        <rect x="56" y="62" width="48" height="48" rx="24" fill="{p}"/>
        <ellipse cx="80" cy="86" rx="11" ry="16" fill="#6b4630" transform="rotate(28 80 86)"/>
        <path d="M86 73q-12 10-12 26" fill="none" stroke="{p}" stroke-width="3"/>""",
    "TE": """
        <path d="M44 48h72v80H44z" fill="{c}"/><path d="M40 36h80v16H40z" fill="{d}"/>
        <rect x="54" y="66" width="52" height="46" rx="5" fill="{p}"/>
        <path d="M80 104q-20-8-10-28 4 10 10 12 6-2 10-12 10 20-10 28z" fill="#7d9b62"/>
        <path d="M80 104V84" stroke="{p}"/>""",
    "CF": """
        <path d="M46 30h68l8 100H38z" fill="{c}"/><path d="M46 30h68l1 13H45z" fill="{d}"/>
        <path d="M58 66l12 9q10-4 20 0l12-9v26q-2 18-22 18T58 92z" fill="{p}"/>
        <circle cx="72" cy="90" r="3" fill="{k}"/><circle cx="88" cy="90" r="3" fill="{k}"/>
        <path d="M76 98h8l-4 4z" fill="{d}"/>
        <path d="M52 94l12 2m44-2-12 2" stroke-linecap="round"/>""",
    "DB": """
        <ellipse cx="80" cy="104" rx="58" ry="25" fill="{c}"/>
        <ellipse cx="80" cy="97" rx="42" ry="14" fill="{l}"/>
        <path d="M50 94q4-24 34-22 26 2 26 22-30 12-60 0z" fill="#c89a6b"/>
        <path d="M46 92q-6-20 10-24 12 0 14 14-2 14-14 16z" fill="#d9b187"/>
        <path d="M60 68q12 0 12 16-10 2-12-16z" fill="#8d6543"/>
        <circle cx="53" cy="79" r="2" fill="{k}"/><circle cx="46" cy="86" r="3" fill="{k}"/>""",
    "TN": """
        <path d="M80 36 20 124h120z" fill="{c}"/>
        <path d="M80 36 60 124h40z" fill="{d}"/><path d="M80 60 70 124h20z" fill="{k}"/>
        <path d="M80 36l-6-10m6 10 6-10" stroke-linecap="round"/>
        <path d="M14 128h132" stroke="{k}" stroke-width="3" stroke-linecap="round"/>
        <path d="M80 36l34 88h26z" fill="{l}" opacity=".5"/>""",
    "WB": """
        <path d="M62 54h36l8 16v54q0 8-8 8H62q-8 0-8-8V70z" fill="{c}"/>
        <rect x="62" y="34" width="36" height="20" rx="5" fill="{k}"/>
        <path d="M70 34q10-20 20 0" fill="none" stroke="{k}" stroke-width="5"/>
        <path d="M54 82h52" stroke="{d}"/>
        <path d="M66 92v28" stroke="{l}" stroke-width="6" stroke-linecap="round"/>
        <path d="M86 92q-8 12 0 16 8-4 0-16z" fill="{p}"/>""",
    "YM": """
        <path d="M52 92h80l14 30H40z" fill="{l}"/>
        <rect x="24" y="74" width="96" height="40" rx="20" fill="{c}"/>
        <circle cx="44" cy="94" r="20" fill="{d}"/>
        <path d="M44 94q0-6 6-6 9 2 7 10-4 10-16 8-12-4-10-16" fill="none" stroke="{l}"
            stroke-width="4" stroke-linecap="round"/>
        <path d="M80 74v40m22-40v40" stroke="{k}" stroke-width="5"/>""",
    "CS": """
        <path d="M66 44V22h28v22" fill="none" stroke="{k}" stroke-width="6"/>
        <rect x="42" y="42" width="76" height="84" rx="13" fill="{c}"/>
        <path d="M58 54v60m15-60v60m14-60v60m15-60v60" stroke="{d}" stroke-width="3"
            stroke-linecap="round"/>
        <rect x="70" y="48" width="20" height="8" rx="4" fill="{l}"/>
        <circle cx="56" cy="131" r="6" fill="{k}"/><circle cx="104" cy="131" r="6" fill="{k}"/>""",
    "CD": """
        <path d="M34 44h62l12 10v16l-12 10H80l6 36H58L52 80H40q-12-2-12-18t6-18z" fill="{c}"/>
        <path d="M108 55h16v14h-16z" fill="{k}"/>
        <path d="M124 62h22" stroke="{k}" stroke-width="4" stroke-linecap="round"/>
        <rect x="46" y="114" width="50" height="18" rx="5" fill="{k}"/>
        <path d="M80 80l3 10h-8z" fill="{d}"/>
        <path d="M40 54h40" stroke="{l}" stroke-width="5" stroke-linecap="round"/>""",
    "GH": """
        <g fill="none" stroke="{d}" stroke-width="13"><circle cx="72" cy="90" r="38"/>
        <circle cx="72" cy="90" r="22"/></g>
        <g fill="none" stroke="{c}" stroke-width="9"><circle cx="72" cy="90" r="38"/>
        <circle cx="72" cy="90" r="22"/></g>
        <path d="M106 74q18-8 12-34" fill="none" stroke="{c}" stroke-width="9"/>
        <path d="M110 44l2-18h14l2 18z" fill="{k}"/>
        <path d="M114 20l-6-8m12 6V8m6 12 6-8" stroke="#5aa0cf" stroke-width="3"
            stroke-linecap="round"/>""",
    "BH": """
        <path d="M26 96q0-54 56-54 50 0 54 46-2 8-12 8z" fill="{c}"/>
        <path d="M48 82q2-22 22-30m-2 32q2-20 24-32m-4 32q2-16 22-24" fill="none" stroke="{k}"
            stroke-width="9" stroke-linecap="round"/>
        <path d="M26 96h98" stroke="{d}" stroke-width="5" stroke-linecap="round"/>
        <path d="M50 98q8 26 26 32 12-12 24-32" fill="none" stroke="{k}" stroke-width="4"/>
        <circle cx="76" cy="130" r="4" fill="{l}"/>""",
}
