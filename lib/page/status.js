"use strict";
document.addEventListener("DOMContentLoaded", function () {
	function of(id) {
		return document.getElementById(id);
	}
	function long(s) {
		return s < 120 ? s + " s" :
		    s < 7200 ? Math.floor(s / 60) + " min" :
		    s < 172800 ? Math.floor(s / 3600) + " h" :
		    Math.floor(s / 86400) + " d";
	}
	function tick() {
		var s = Math.floor((Date.now() -
		    Date.parse(of("taken").dateTime)) / 1000);
		of("age").textContent = s < 0 ? "" : " (" + long(s) + " ago)";
		if (s > Number(of("fresh").dataset.most)) {
			of("fresh").classList.add("alarm");
			of("old").hidden = false;
		}
	}
	function begin() {
		document.querySelectorAll("time").forEach(function (t) {
			t.title = t.dateTime + "; where you are " +
			    new Date(t.dateTime).toLocaleString();
		});
		tick();
	}
	/* Not while somebody reads in it, who would lose the place. */
	function renew() {
		var main = document.querySelector("main");
		if (document.hidden || main.querySelector("details[open]") ||
		    main.contains(document.activeElement))
			return;
		fetch(location.href, { cache: "no-cache" }).then(function (r) {
			return r.ok ? r.text() : "";
		}).then(function (text) {
			var page = new DOMParser().parseFromString(text,
			    "text/html");
			var taken = page.getElementById("taken");
			if (!taken || taken.dateTime === of("taken").dateTime)
				return;
			["main", "footer"].forEach(function (part) {
				document.querySelector(part).replaceWith(
				    document.adoptNode(page.querySelector(part)));
			});
			document.title = page.title;
			begin();
		}).catch(function () { });
	}
	begin();
	setInterval(tick, 1000);
	if (location.protocol !== "file:")
		setInterval(renew, 60000);
});
