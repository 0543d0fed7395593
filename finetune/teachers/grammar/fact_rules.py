"""How ads word the attributes that shops give with a number or a text. Data only.

A line is `name [~ value] :: form || form`. `name` and `value` are regular expressions for the whole
of an attribute's name and value; the first line that fits is taken. A form begins with what it is:
`v` a verb phrase whose verb in brackets agrees with the product, `w` a noun phrase to stand after
"with" or "has", `a` an adjective to stand before the product's name. In a form {v} is the value,
{l} the value in lower case, {and} its list joined by "and" ({land} in lower case, {alist} with
articles), {al} the lower-case value with its article, {n:word} the value as a count, {0} the name,
{0f} the name unless the value ends with it, {1} the name's group, {1u} the group in capitals,
{dim} "tall" for "height" and the like, {age} the value without "years
and up". An empty placeholder voids its form: {short} is the lower-case value of one or two words.
"""

from __future__ import annotations

SKIPPED_NAMES = (
    r"return window|dispatch estimate|standard|use after opening|ph value|surfactants?|carry positions|acidity"
    r"|gauge|energy efficiency class|washing|care|type|model number|impedance|.*water column.*"
    r"|breathability|processing|base thickness|torque settings|foam height|structure|status"
    r"|kibble size|carbohydrate source|tested for|arch support|plug|seat height minimum|language"
    r"|minimum weight|portafilter diameter|fibre share|fat share|burst pressure|life stage|gender"
    r"|waist size|caffeine|.*connector gender|.*model|.*family|recommended gender|sold as|set"
    r"|assembly time|daily amount|lowest temperature|technology|.*certificat.*|.*temperature.*range"
)
"""Names of attributes that make no ad."""

FACT_RULES = r"""
colou?r|product colou?r|housing colou?r ~ (?!.*(?:[Mm]etallic|[Mm]ulti)).{3,30} :: v [come] in {l} || v [is] {l} || a {l} || v [come] dressed in {l} || v [look] good in {l} || v [show] up in {l} || v [turn] heads in {l}
cable colou?r :: w a {l} cable || v [come] in {l}
colou?rs|light colou?rs ~ \d+ :: w {n:colour} to choose from
shade :: v [come] in {v}
weight ~ .*\b(?:g|kg|oz|lb)\b.* :: v [weigh] {v} || v [weigh] in at {v} || v [tip] the scales at {v}
weight per (shoe|boot) :: v [weigh] {v} a {1} || v [come] in at {v} a {1}
net weight ~ .*[a-z].* :: v [come] in a {v} pack || w {v} in the pack
weight range :: v [go] from {v}
capacity ~ .*\bm?Ah :: w {v} of power || w a {v} battery || v [store] {v} of charge
capacity ~ .*\b(?:m?l|cl|litres?|oz|cups?) :: v [hold] {v} || w room for {v} || w space for {v}
volume ~ .*\b(?:m?l|cl|litres?|oz|cups?) :: v [hold] {v} || w a volume of {v}
water tank|tank|bowl ~ .*\bm?l :: w a {v} {0} || v [hold] {v} in the {0}
battery life ~ .*(?:h|hours?|days?|min|weeks?|months?) :: v [run] for {v} on a charge || v [last] {v} between charges || w a battery life of {v} || v [keep] going for {v}
run time|light run time :: v [run] for {v} || w {v} of run time
burn time :: v [burn] for {v} || w {v} of burn time
playing time :: w a playing time of {v}
battery capacity ~ .*[a-z].* :: w a {v} battery
batteries included ~ [1-9]\d* :: w {n:battery} in the box || v [come] with {n:battery}
battery technology ~ [A-Za-z -]{3,18} :: w a {l} battery
charging time ~ .*[a-z].* :: v [charge] in {v} || v [is] full again after {v} || w a charging time of {v}
charging port|charging ~ [A-Z].{2,9} :: v [charge] by {v} || w {v} charging
charging ~ charging stand :: w a charging stand
oven safe up to :: v [is] oven safe up to {v} || v [go] into the oven at up to {v}
power|output power|maximum output ~ .*\bk?W :: w {v} of power || v [bring] {v} of power || a {v} || v [work] with {v} || v [put] {v} to work
voltage ~ .*V :: v [run] on {v} || a {v}
maximum torque ~ .*Nm :: w up to {v} of torque || v [turn] with up to {v}
maximum speed ~ .*rpm :: v [spin] at up to {v} || w speeds up to {v}
pump pressure|pressure ~ .*bar :: w {v} of pressure || v [work] at {v}
heat-up time :: v [is] ready in {v} || v [heat] up in {v} || w a heat-up time of {v}
noise level|noise|pump noise|fan noise ~ .*dB.* :: v [stay] at {v} || w a noise level of {v}
driver size ~ .*mm :: w {v} drivers
bluetooth version :: w Bluetooth {v} || v [play] over Bluetooth {v}
wireless range ~ .*m :: v [reach] up to {v} || w a wireless range of {v}
audio codecs :: v [support] {and}
connection|connectivity technology ~ [Ww]ireless :: v [work] without a cable || a wireless || v [is] wireless
connection|connectivity technology ~ [Ww]ired :: v [is] wired || a wired
protection rating|water resistance ~ IP.* :: w {v} protection || v [is] rated {v} || w an {v} rating
water resistance ~ .*m :: w water resistance to {v}
display size|screen size ~ .*[a-z\"].* :: w a {v} display || w a display of {v}
display diagonal ~ .*[a-z\"].* :: w a {v} display
display ~ .*LEDs :: w {l} to show the charge
display|screen ~ .{3,24} :: w a {l} display
display type ~ \S{2,8} :: w a {v} display
display resolution|resolution|maximum resolution ~ \d+ x \d+.* :: w a resolution of {v}
refresh rate ~ .*Hz :: v [refresh] at {v} || w a refresh rate of {v}
response time ~ .*ms :: w a response time of {v}
storage|total storage capacity|hard drive ~ .*[GT]B.* :: w {v} of storage || v [store] {v}
internal memory|memory|ram ~ .*[GM]B.* :: w {v} of memory
sport modes :: w {n:sport mode} || v [know] {n:sport mode}
(cleaning) modes :: w {n:cleaning mode} || v [offer] {n:cleaning mode}
modes :: w {n:mode}
(brightness) levels :: w {n:brightness level} || v [offer] {n:brightness level}
(temperature|grind|heat) settings :: w {n:{1} setting} || v [offer] {n:{1} setting}
speeds ~ [2-9] :: w {n:speed} || v [run] at {n:speed}
(pockets|vents|keys|clips|handles|slots|trays|compartments|entrances|shelves|drawers|wheels|blades|pads|pots|figures|cards|wicks|fins|ribs|steps|bedrooms) ~ \d+ :: w {n:{1}} || v [come] with {n:{1}}
wheels|castors ~ \D*\d.* :: v [roll] on {v} || w {v}
castors :: w castors {v}
(?:usb-?([ac])) ports ~ [1-9] :: w {n:USB-{1u} port} || v [charge] through {n:USB-{1u} port}
lan ports|ethernet lan rj 45 ports ~ [1-9]\d* :: w {n:Ethernet port}
(hdmi|usb) ports? quantity ~ [1-9] :: w {n:{1u} port}
vga d sub ports quantity ~ [1-9] :: w {n:VGA port}
usb 2 0 ports quantity ~ [1-9] :: w {n:USB port}
displayports quantity ~ [1-9] :: w {n:display port}
usb 3 2 gen 1 3 1 gen 1 type a ports quantity|usb 3 0 ports quantity ~ [1-9] :: w {n:USB 3 port}
headphone outputs ~ [1-9] :: w {n:headphone socket}
ac outlets quantity ~ [1-9]\d* :: w {n:power outlet} || v [feed] {n:device} at once
brush heads included :: w {n:brush head} in the box
ribbon markers ~ [1-9] :: w {n:ribbon marker}
movements ~ \d+ per minute :: v [make] {num} movements per minute || w {num} movements per minute
material|body|shell|fabric|upper|upper material|wax ~ \d.*% .* :: v [is] made of {and} || v [is] {and}
material|body|body material|shell|fabric|upper|surface ~ [\w\s,/+&-]{3,38} :: v [is] made of {land} || a {short} || v [is] built from {land}
(flysheet) material ~ .{3,34} :: w a {1} of {l}
pole material :: w poles of {land}
(case|housing|cover|seat|upper|base|frame|lid|body|handle|lining|strap|midsole|shade|rib) material :: w a {1} of {land}
ear cushion material :: w ear cushions of {land}
cushioning ~ soft|firm|balanced :: w {l} cushioning || v [cushion] each step
lid ~ (?!.*(?:,|for)).{3,26} :: w a {l} || v [close] with a {l}
handle|spout|lock|motor|sole|base|boiler|hood|backrest|shackle|nib|filter|back|top ~ (?!.*(?:,|for)).{3,26} :: w a {l} {0f}
milk frother ~ automatic carafe :: w an automatic milk carafe
milk frother ~ steam wand :: w a steam wand for milk
grinder :: w {l} in the grinder
telescopic handle :: w a {v} telescopic handle
lacing :: w {l}
filling ~ .{3,34} :: w {l} inside || v [is] filled with {l}
padding|insulation ~ .{3,28} :: w {l} {0f}
lining|membrane|coating|glaze|cut|finish|binding|weave|knit|pattern ~ [^,]{3,28} :: w a {l} {0f}
neckline :: w a {v}
sleeve ~ long|short :: w {l} sleeves
fit ~ \w+ :: w a {l} fit
packaging ~ .{3,20} :: v [come] in {al}
closure ~ zip|buttons|latches :: v [close] with {al}
case ~ hard case|soft bag|stackable case :: v [come] in a {l} || w a {l} to keep it in
storage ~ .*(?:box|tin|bag).* :: v [come] in a {l}
size ~ .*\d+ x \d+.* :: v [measure] {v} || w a size of {v}
size ~ (?:X*[SML]|\d?XL|\d\d EU) :: v [come] in size {v}
sizes :: v [come] in sizes {v}
(width|height|depth) ~ .*\d\s?(?:cm|mm|m|in|inch|\")\b.* :: v [is] {v} {dim} || w a {1} of {v}
length|blade length|cable length|cord length|spout length ~ .*\d\s?(?:cm|mm|m|ft|in|inch)\b.* :: w a {0} of {v}
diameter ~ .*\d\s?(?:cm|mm|m|in)\b :: v [measure] {v} across || w a diameter of {v}
thickness ~ .*mm :: v [is] {v} thick || w a thickness of {v}
opening diameter :: w an opening of {v}
packed length :: v [pack] down to {v}
inner height|standing height ~ .*m :: w {v} of height inside
persons|sleeps ~ \d+ :: v [sleep] {v} || w room for {v}
players :: v [bring] {v} players together || w space for {v} players at the table
seasons :: v [is] a {v} companion || a {v}
pitching time :: v [go] up in {v} || w a pitching time of {v}
construction ~ dome|tunnel|geodesic|in-mould|hardshell :: w a {l} build
drop :: w a drop of {v}
lug depth :: w lugs of {v}
terrain ~ road|trail :: v [is] made for the {l} || w soles for the {l}
best for|recommended for ~ .{3,44} :: v [suit] {and}
riding style ~ city|mountain bike :: v [suit] {l} rides
head circumference :: v [fit] heads of {v}
maximum load|max load|maximum weight :: v [carry] up to {v} || w a load limit of {v}
maximum weight capacity ~ .*[a-z].* :: v [hold] up to {v}
suitable for dogs up to :: v [suit] dogs up to {v}
shape ~ cave|cushion|donut :: v [come] in a {l} shape || w a {l} shape
seat height maximum :: w a seat that goes up to {v}
lumbar support ~ .*adjustable.* :: w {l} lumbar support
armrests ~ [234]D|adjustable :: w {v} armrests
light source ~ integrated LED :: w a built-in LED
luminous flux|brightness ~ .*lm :: v [shine] with {v} || v [give] {v} of light || w {v} of light
colour temperature ~ 2\d00 K :: v [glow] at {v} || w light of {v}
colour temperature ~ .*K :: v [shine] at {v} || w light of {v}
mounting ~ clamp :: v [clamp] to the edge of the desk
thread count :: w a thread count of {v}
fabric weight :: w fabric of {v}
pillowcases :: w {n:pillowcase} to match || v [come] with {n:pillowcase}
pillowcase size :: w pillowcases of {v}
season ~ summer :: v [is] made for summer nights
pages|sheets ~ \d+ :: w {n:page} to fill || v [has] {n:page}
ruling ~ squared|lined|dotted|plain :: w {l} pages
paper ~ recycled :: w recycled paper inside
paper ~ stone paper :: w {land} inside
paper ~ FSC-certified :: w FSC-certified paper
paper weight :: w paper of {v}
cover ~ hardcover|softcover :: w {al} to protect it
format ~ [AB]\d :: v [come] in {v} || a {v}
pieces ~ [3-9]\d|\d{3,} :: w {n:piece} || v [has] {n:piece} to place
pieces ~ [2-9]|1\d :: v [come] as a set of {v} || w {n:piece} in the set
recommended age|age ~ \d.*up :: v [is] for ages {age} and up || v [suit] ages {age} and up || v [welcome] ages {age} and up
difficulty ~ easy|medium|hard|very hard :: v [is] {l} to solve
artist :: w art by {v}
finished (width|height) :: v [end] up {v} {dim}
skin type|hair type :: v [is] made for {l} || v [care] for {l}
spf :: w SPF {v}
texture :: v [feel] like a {l} || w the feel of a {l}
key ingredients|ingredients ~ .{3,60} :: w {and} || v [bring] {and} together
scent|fragrance ~ unscented|none :: v [is] unscented
scent|fragrance :: v [smell] of {l} || w a scent of {l}
time of use ~ day|night|day and night :: v [is] for {l}
washes :: v [last] for {n:wash} || w enough for {n:wash}
beans|wool :: v [is] {and} || w {and} in each bag
origin :: v [come] from {v} || v [hail] from {v}
roast ~ [\w-]+ :: w a {l} roast || v [come] in a {l} roast
tasting notes :: w notes of {and} || v [taste] of {and}
altitude ~ .*m :: w beans grown at {v}
tea type :: v [is] {al}
flavour :: w a {l} flavour || w a {l} note in the cup
brewing time :: v [brew] in {v} || w a brewing time of {v}
brewing temperature :: v [brew] at {v}
bags|capsules :: w {n:{0}} in the pack || v [come] in a pack of {v}
form ~ whole bean :: v [come] as whole beans
form ~ loose leaf :: v [come] as loose leaves
form ~ ground :: v [come] ready ground
shelf life :: v [keep] for {v} || v [stay] good for {v}
main protein ~ .* :: w {l} as its main protein || v [is] made with {l}
protein share :: w {v} protein
keeps (hot|cold) :: v [keep] drinks {1} for {v} || w {v} of {1} drinks
made in :: v [is] made in {v} || v [come] to you from {v} || v [hail] from {v}
country of origin :: v [come] from {v}
warranty ~ .*(?:months?|years?) :: v [come] with a warranty of {v} || w {v} of warranty || v [has] your back with a warranty of {v} || w a warranty that runs {v} || v [stay] under warranty for {v}
in the box ~ .{3,60} :: v [come] with {alist} || w {alist} in the box
works with ~ .{3,30} :: v [work] with {v}
chuck size :: w a {v} chuck
drilling in wood :: v [drill] {v} deep into wood
hose type ~ reinforced|soaker|expanding :: a {l}
machine type ~ fully automatic :: v [is] fully automatic
strap width :: w a strap {v} wide
printing colou?rs :: v [print] in {land} || w ink for {land}
print technology ~ (?:Laser|Inkjet)(?: printing)? :: v [print] by {tech}
page yield|black toner page yield|colour toner page yield ~ \d+ :: v [print] up to {n:page} || w a yield of {n:page}
brand compatibility ~ [A-Z][\w-]{1,14} :: v [work] with {v} devices || v [fit] {v} devices
compatibility ~ [A-Z][\w\s,/-]{2,34} :: v [fit] {and}
ink type ~ .*-based ink :: w {l}
media sheets per package ~ \d+ :: w {n:sheet} in the pack
labels per pack ~ \d+ :: w {n:label} in the pack
quantity per pack ~ [2-9]|\d\d+ :: v [come] in a pack of {v} || w {v} in the pack
finish type ~ \w+ :: w a {l} finish
adhesive type ~ Permanent|Removable :: w {l} adhesive
cable (?:type|standard) ~ [A-Za-z0-9]{4,7} :: w {v} cable
connector [12] ~ [A-Z][\w .()-]{2,14} :: w a {v} connector
processor cores ~ [2-9]|\d\d :: w {n:core} || v [run] on {n:core}
processor threads ~ [2-9]|\d\d :: w {n:thread}
processor family|processor ~ [A-Z][\w .-]{3,24} :: w {v} inside
operating system installed ~ .{3,24} :: v [run] {v}
storage media ~ \w{3} :: w {v} storage
internal memory type ~ [\w-]{3,12} :: w {v} memory
device interface|host interface|interface ~ [A-Z][\w .-]{2,14} :: v [connect] by {v} || w a {v} connection
hd type ~ (?:Full |4K Ultra )?HD :: w {v} pictures
metal :: v [is] made of {l}
stone :: v [hold] {al}
strings|drive|panel :: w {l} {0f}
plinth :: w a {l} {0f}
buoyancy :: w {v} of buoyancy
capsules :: w {n:capsule} in the box
(?:number of )?((?:puzzle |toy |height |power |heating |cooking |expansion |programmable |scroll |preset |front )?(?:pages|pieces|pockets|speakers|microphones|cameras|fans|speeds|colours|discs|sheets|buttons|wheels|sockets|antennas|attachments|combs|figures|positions|melodies|levels|zones|languages|slots|keys|drawers|shelves|doors|stations|ports|melodies|strings|layers|programmes|functions|effects))(?: quantity)? ~ [2-9]|[1-9]\d+ :: w {n:{1}}
(?:[a-z-]+ ){0,2}(?:length|width|height|diameter|capacity|range|speed|rate|size|weight|depth|time|life|power|airflow|level|distance|load|volume|reach|duration) ~ \d[\d.,]*(?: x \d[\d.,]*)* ?(?:[cmk]?m|km|ft|in|inch|[mk]?g|lbs?|[mc]?l|litres?|W|kW|V|Hz|k?m/s|km/h|s|min|h|hours?|days?|weeks?|months?|years?|dB|m[²³2]|bar|rpm|lm|[GMT]B|[GM]bit/s|pages/min|ppm|CFM|N|Nm|°C|%) :: w a {0} of {v}
"""
