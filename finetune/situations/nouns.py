"""Nouns that name products, as shoppers use them, and the colours. Knows no records."""

from __future__ import annotations

NOUNS_OF_TWO = frozenset(
    phrase.strip()
    for phrase in """
    air purifier, alarm clock, audio cable, baby carrier, backup battery, ball pen, bath towel,
    bed frame, board game, book shelf, cable lock, cable tie, camera bag, camera case, camera lens,
    car charger, card reader, coffee grinder, coffee machine, coffee maker, cordless drill,
    data cable, desk lamp, desk mount, desk stand, dock station, docking station, dog bed,
    dress shirt, drum unit, duvet cover, electric kettle, espresso machine, extension cable,
    extension lead, external drive, face cream, fan heater, flash drive, frying pan, game console,
    graphics card, hair dryer, hard drive, hole punch, ink cartridge, inkjet printer,
    jigsaw puzzle, keyboard case, label printer, laptop bag, laptop case, laptop sleeve,
    laser printer, memory card, memory module, mouse pad, network adapter, network cable,
    networking cable, network card, network switch, notebook bag, notebook case, notebook dock,
    notebook stand, optic cable, paper tray, patch cable, patch panel, phone case, photo paper,
    photo printer, pocket knife, power adapter, power bank, power cable, power cord, power strip,
    power supply, power tool, print cartridge, print head, print server, printer cable,
    printer ribbon, printing paper, privacy filter, projection screen, projector lamp,
    rain jacket, remote control, roll neck, running shoe, salad bowl, sd card, security camera,
    shampoo bar, shower head, sleeping bag, smart watch, sonic toothbrush, electric toothbrush,
    screen protector, stereo system, stylus pen, sun hat, surge protector, suspension file,
    table lamp, tablet case, toner cartridge, trail shoe, travel adapter, usb cable, usb hub,
    video cable, wall charger, wall mount, washing machine, water bottle, water filter,
    wireless presenter, wireless router, wrist rest, yoga mat, wall clock, shopping basket,
    hiking boot, garden hose, bicycle helmet, cabin suitcase, office chair, cat food, dog food
    """.replace("\n", " ").split(",")
)

_MASS = (
    "coffee tea food paper shampoo soap media soda chocolate honey wine flour rice pasta yarn wool"
    " fabric tape bedding cutlery luggage jewellery software furniture clothing ink toner glue"
    " wire foam oil lotion"
)
MASS_NOUNS = frozenset(_MASS.split())

_SINGLE = """
    adapter amplifier antenna apron backpack bag ball banner barebone basket battery beaker bed belt
    bench bicycle binder bike blanket blender board boiler book boot bottle bowl box bracelet
    bracket bra briefcase brush bucket bulb cabinet cable calculator calendar camcorder camera
    candle cap capsule car card carpet carrier cartridge case chair chandelier charger chassis
    chest chopper cleaner clock coat collar comb compressor computer connector console container
    controller converter cooker cooler cot cotton coupler cover cradle crayon cup curtain cushion
    cutter desktop diary dice dispenser dock doll drawer dress drill drive drone drum dryer dumbbell
    duvet earring earphone earbud easel enclosure envelope eraser extender fan figure file filter
    flask folder fork fountain frame freezer fridge fryer fuser game glass glove goggle grill
    grinder guitar hammer handset harness hat headband headlamp headphone headset heater helmet
    holder hoodie hose hub inverter iron jacket jar jean jigsaw jug juicer jumper kettle key
    keyboard keypad kit knife label ladder lamp laminator lantern laptop lead lens light lighter
    lipstick lock magnet marker mask mat mattress microphone microscope microwave mirror mixer modem
    module monitor motherboard mount mouse mug multimeter necklace notebook notepad organiser oven
    pack pad paddle pan panel pannier parasol pedal pen pencil perfume phone piano pillow planter
    plate player plug pocket pot pouch presenter printer processor projector protector pump puzzle
    rack racket radio rail raincoat razor reader receiver recorder refrigerator remote ring rod
    router rucksack rug ruler saddle sandal saucepan saw scale scanner scarf screen screw
    screwdriver server set shaver sheet shelf shirt shoe shovel shredder skirt sled sleeve slipper
    smartphone smartwatch sneaker soap sock sofa soundbar speaker spoon sprayer stand stapler
    station stool strap stroller suitcase suit sunglass sweater swimsuit switch t-shirt table tablet
    teapot telephone telescope television tent thermometer throw tie timer toaster tool toothbrush
    torch towel toy trainer transceiver transmitter tray tripod trolley trouser turntable tv
    umbrella unit ups vacuum vase vest wallet wardrobe watch webcam wheel whisk workstation wrench
    yoyo coffee tea shampoo
"""
NOUNS = frozenset(
    (*_SINGLE.split(), *(phrase.strip().rpartition(" ")[2] for phrase in NOUNS_OF_TWO))
)

_COLOURS = """
    black white grey gray silver red blue green yellow orange purple pink brown beige navy teal
    cream ivory gold bronze copper turquoise violet lilac magenta cyan olive khaki burgundy
    charcoal anthracite transparent clear multicolour multicolor sand mint coral lavender mustard
    rust sage lime aqua maroon peach plum terracotta titanium graphite
"""
COLOURS = frozenset(_COLOURS.split())
