"""Lines of advertising for the kettle of `test_seller_copy`: harmless ones, and invented facts."""

from __future__ import annotations

PUFFERY = """
A calm start to the day.
Your morning, sorted.
Treat yourself to something good.
The best part of waking up.
Made for slow Sundays.
Small luxuries make big days.
Say hello to your new favourite.
Tea time, all the time.
It is love at first sip.
Bring a little joy home.
Good things come to those who boil.
You deserve a break.
Because mornings matter.
The only kettle you will ever need.
Fall in love with tea again.
Let the good times pour.
A gift that says thank you.
Perfect for lazy weekends.
Black Friday is here.
Just in time for Christmas.
Make every cup count.
Simple, honest, beautiful.
Home is where the kettle is.
Pour yourself a moment.
Brew, breathe, begin.
No fuss, just tea.
Hassle-free mornings start here.
Without a worry in the world.
No more cold cups.
Better than ever.
More than just a kettle.
Warmer than a hug.
Easier than you think.
The finest hour of your day.
A must for every kitchen.
Order yours today.
Shop now and smile later.
Add a touch of style to your kitchen.
Who says weekdays cannot be fun?
Get ready for cosy evenings.
The kettle that friends will ask about.
Wake up to wonderful.
A warm glow and a light heart.
Ready when you are.
Designed with you in mind.
Great taste begins with great water.
For tea lovers everywhere.
Turn a break into a treat.
Your kitchen will thank you.
Nothing beats a good cuppa.
Time to put the kettle on.
Life is short, drink good tea.
Big smiles, small moments.
It is the little things that count.
Raise a mug to yourself.
Yes, you can have it all.
Dream big, sip slowly.
A classic that never goes out of style.
Sit back, relax and enjoy.
Come home to comfort.
Discover the joy of a proper brew.
Start as you mean to go on.
Happiness is a hot drink.
Stress-free hosting for your guests.
The star of your breakfast table.
""".strip().splitlines()

INVENTED = """
The lightest kettle of all.
The fastest way to boil water.
The cheapest kettle in our shop.
The quietest kettle around.
Our most powerful kettle yet.
The most durable kettle.
The number one kettle.
Europe's No. 1 kettle.
The world's favourite kettle.
The only kettle with a curved spout.
The first kettle to do this.
A market-leading kettle.
Best-in-class brewing.
Our best-selling kettle.
An award-winning kettle.
Top-rated by buyers.
Voted best kettle of the year.
Winner of the Design Award.
Five-star reviews from everyone.
Loved by thousands of customers.
Recommended by experts.
Trusted by millions.
Clinically proven to please.
Dermatologist tested.
Lighter than other kettles.
Quieter than the competition.
Stronger than steel.
Boils twice as fast.
Boils 30% faster.
It uses half the energy.
It outperforms every rival.
Unlike other kettles, it stays quiet.
Better than leading brands.
Three times more efficient.
Double the capacity.
Comes with a 2-year warranty.
It has a two-year guarantee.
A lifetime guarantee is included.
Money-back guarantee.
Free delivery on every order.
Free returns, always.
Free express shipping.
Delivered tomorrow.
Arrives within two days.
Next-day dispatch.
Full refund, no questions asked.
Save 20% today.
Now half price.
Now at a discount.
Only 9 EUR!
Just $19.99.
Was 59 EUR, now 29 EUR.
Offer ends Sunday.
Only while stocks last.
Today only.
On sale until 31 December.
Only three left.
A limited edition.
No plastic anywhere.
It is BPA-free.
Free from chemicals.
Without any PVC.
Zero plastic, all taste.
Made in Germany.
Handmade in small batches.
It holds 2 litres.
It holds 60 fl oz.
It boils in 90 seconds.
It is waterproof.
It comes in teal.
Now with Brandolux inside.
Eco-friendly and certified.
A patented spout.
Made of solid oak.
It weighs three kilos.
Since 1923.
Kills 99% of bacteria.
""".strip().splitlines()
