"use strict";
(function () {
	var taken = document.getElementById("taken");
	var banner = document.getElementById("fresh");
	var age = document.getElementById("age");
	var began = Date.parse(taken.dateTime);
	var shown = Date.now();
	var local = document.getElementById("local");
	local.textContent = " (" + new Date(began).toLocaleTimeString() +
	    " where you are)";
	function tick() {
		var s = Math.round((Date.now() - shown) / 1000);
		age.textContent = s + " s ago";
		banner.classList.toggle("alarm", s > 120);
		document.getElementById("old").hidden = s <= 120;
	}
	tick();
	setInterval(tick, 1000);
})();
