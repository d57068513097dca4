"use strict";
document.addEventListener("DOMContentLoaded", function () {
	var taken = document.getElementById("taken");
	var banner = document.getElementById("fresh");
	var began = Date.parse(taken.dateTime);
	var most = Number(banner.dataset.most);
	var all = document.querySelectorAll("time");
	var i;
	function tick() {
		var s = Math.round((Date.now() - began) / 1000);
		document.getElementById("age").textContent = s < 0 ? "" :
		    " (" + s + " s ago)";
		if (s > most) {
			banner.classList.add("alarm");
			document.getElementById("old").hidden = false;
		}
	}
	for (i = 0; i < all.length; i++)
		all[i].title = new Date(all[i].dateTime).toLocaleString() +
		    " where you are";
	tick();
	setInterval(tick, 1000);
});
