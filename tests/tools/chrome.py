# chrome.py DIR [SHOTS] - what Chromium makes of the pages in DIR, given out by
# a server of our own: what ran that must not, who else was asked, what came on
# the console, which widths it does not fit, what is there without scripts.
# Prints one object of counts; into SHOTS go pictures of index.html.
#
# Chromium is spoken to over descriptors 3 and 4, in JSON texts that end in NUL.
import base64, datetime, functools, glob, http.server, json, os, re, subprocess, sys
import tempfile, threading

RENEW = 60000                   # how often the page looks for a newer one
SCHEMES, WIDTHS = ("light", "dark"), (320, 768, 1440)
DEFICIENCIES = ("protanopia", "deuteranopia", "tritanopia", "achromatopsia")


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


class Browser:
    def __init__(self, profile):
        to, give = os.pipe()
        take, back = os.pipe()
        self.run = subprocess.Popen(["bash", "-c", 'a=$1 b=$2; shift 2; '
            'exec chromium --headless=new --no-sandbox --disable-gpu '
            '--hide-scrollbars --remote-debugging-pipe "$@" 3<&$a 4>&$b', "-",
            str(to), str(back), "--user-data-dir=" + profile],
            pass_fds=(to, back), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to)
        os.close(back)
        self.give, self.take = os.fdopen(give, "wb", 0), os.fdopen(take, "rb")
        self.rest, self.n, self.session, self.events = b"", 0, None, []
        target = self.call("Target.createTarget", url="about:blank")
        self.session = self.call("Target.attachToTarget", flatten=True,
            targetId=target["targetId"])["sessionId"]
        for part in "Page", "Network", "Runtime", "Log", "Audits":
            self.call(part + ".enable")
        self.call("Network.setCacheDisabled", cacheDisabled=True)

    def hear(self):
        while b"\0" not in self.rest:
            more = os.read(self.take.fileno(), 1 << 16)
            assert more, "chromium has ended"
            self.rest += more
        text, self.rest = self.rest.split(b"\0", 1)
        said = json.loads(text)
        if "method" in said:
            self.events.append(said)
            if said["method"] == "Page.javascriptDialogOpening":
                self.call("Page.handleJavaScriptDialog", accept=True)
        return said

    def call(self, method, **params):
        self.n += 1
        mine = self.n
        ask = {"id": mine, "method": method, "params": params}
        if self.session:
            ask["sessionId"] = self.session
        self.give.write(json.dumps(ask).encode() + b"\0")
        while True:
            said = self.hear()
            if said.get("id") == mine:
                assert "error" not in said, (method, said)
                return said["result"]

    def value(self, text):
        got = self.call("Runtime.evaluate", expression=text,
            awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in got, (text, got)
        return got["result"].get("value")

    def load(self, url):
        begin = len(self.events)
        self.call("Page.navigate", url=url)
        while not any(e["method"] == "Page.loadEventFired"
                for e in self.events[begin:]):
            self.hear()

    def colours(self, scheme, media=""):
        self.call("Emulation.setEmulatedMedia", media=media, features=[
            {"name": "prefers-color-scheme", "value": scheme}])

    def width(self, px):
        self.call("Emulation.setDeviceMetricsOverride", width=px,
            height=900, deviceScaleFactor=1, mobile=False)

    def shot(self, path, **more):
        got = self.call("Page.captureScreenshot", **more)
        open(path, "wb").write(base64.b64decode(got["data"]))

    def end(self):
        self.session = None
        try:
            self.call("Browser.close")
        except (AssertionError, OSError):
            pass
        self.run.wait(20)


def count(events, origin):
    asked = [e["params"]["request"]["url"] for e in events
        if e["method"] == "Network.requestWillBeSent"]
    bad = [e for e in events if e["method"] in
        ("Runtime.consoleAPICalled", "Runtime.exceptionThrown",
        "Log.entryAdded")]
    policy = [e for e in events if e["method"] == "Audits.issueAdded" and
        "ContentSecurityPolicy" in e["params"]["issue"]["code"]]
    ran = [e for e in events
        if e["method"] == "Page.javascriptDialogOpening"]
    left = [u for u in asked if not u.startswith((origin, "data:"))]
    for what in bad + policy + ran + left:
        print(what, file=sys.stderr)
    return {"requests": len(asked), "left_origin": len(left),
        "console": len(bad), "csp_violations": len(policy),
        "executed": len(ran)}


# It says how old it is, and when that is too old.
def ages(b, path, url):
    old = open(path).read()
    taken = re.search(r'id="taken" datetime="([^"]*)"', old).group(1)
    most = int(re.search(r'data-most="(\d+)"', old).group(1))
    try:
        for s, said, late in ((42, "4[2-9] s", 0), (600, "10 min", 0),
                (most + 172800, r"\d+ d", 1)):
            then = datetime.datetime.now(datetime.timezone.utc) - \
                datetime.timedelta(seconds=s)
            open(path, "w").write(old.replace(taken,
                then.strftime("%Y-%m-%dT%H:%M:%SZ")))
            b.load(url)
            age = b.value("of = id => document.getElementById(id), "
                "of('age').textContent")
            assert re.fullmatch(r" \(%s ago\)" % said, age), age
            assert b.value("of('old').hidden") == (not late), s
            assert b.value("of('fresh').className.includes('alarm')") == \
                bool(late), s
    finally:
        open(path, "w").write(old)


# The page takes what is new in its place, by itself.
def renews(b, path, url):
    b.call("Page.addScriptToEvaluateOnNewDocument", source="window.timers = "
        "{}; setInterval = (f, ms) => { timers[ms] = f }")
    b.load(url)
    old = open(path).read()
    taken = re.search(r'id="taken" datetime="([^"]*)"', old).group(1)
    newer = re.sub(r"\d\d\d\d-", "2031-", taken)
    open(path, "w").write(old.replace(taken, newer))
    try:
        b.value("timers[%d]()" % RENEW)
        b.value("new Promise(good => { const look = () => "
            "document.querySelector('#taken').dateTime == '%s' ? good() : "
            "setTimeout(look, 5); look() })" % newer)
        # But not while somebody reads in it.
        open(path, "w").write(old)
        b.value("document.querySelector('summary').click()")
        b.value("timers[%d]()" % RENEW)
        b.value("fetch(location.href).then(r => r.text()).then(() => 0)")
        assert b.value("document.querySelector('#taken').dateTime") == newer
    finally:
        open(path, "w").write(old)


def main():
    out = os.path.abspath(sys.argv[1])
    shots = sys.argv[2] if len(sys.argv) > 2 else None
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0),
        functools.partial(Quiet, directory=out))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    origin = "http://127.0.0.1:%d/" % server.server_address[1]
    pages = sorted(map(os.path.basename, glob.glob(out + "/*.html")))
    unfit, bare, titles = 0, 0, 0
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        b = Browser(profile)
        for page in pages:
            b.load(origin + page)
            titles += b.value("document.title") in ("PWNED", "")
        b.load(origin + "index.html")
        rows = b.value("document.querySelectorAll('.nodes > li').length")
        for scheme in SCHEMES:
            b.colours(scheme)
            for px in WIDTHS:
                b.width(px)
                unfit += b.value("document.documentElement.scrollWidth") > px
                if shots:
                    b.shot("%s/%s-%d.png" % (shots, scheme, px))
        b.colours("light", "print")
        if shots:
            b.shot(shots + "/print.png")
        b.colours("light")
        # Without its colours each state is a word of its own.
        for kind in DEFICIENCIES:
            b.call("Emulation.setEmulatedVisionDeficiency", type=kind)
            if shots:
                b.shot("%s/%s.png" % (shots, kind))
        b.call("Emulation.setEmulatedVisionDeficiency", type="none")
        words = b.value("[...document.querySelectorAll('.nodes .state')]"
            ".map(e => e.className + ':' + e.innerText)")
        kinds = {w.split(":")[0] for w in words}
        assert len(kinds) == len(set(words)), words
        counts = count(b.events, origin)
        counts["executed"] += titles
        ages(b, out + "/index.html", origin + "index.html")
        renews(b, out + "/index.html", origin + "index.html")
        b.call("Emulation.setScriptExecutionDisabled", value=True)
        b.load(origin + "index.html")
        tree = b.call("DOM.getDocument", depth=0)["root"]["nodeId"]
        bare = len(b.call("DOM.querySelectorAll", nodeId=tree,
            selector=".nodes > li")["nodeIds"])
        if shots:
            b.shot(shots + "/bare.png")
        b.end()
    print(json.dumps(dict(pages=len(pages), rows=rows, rows_bare=bare,
        states=len(kinds), unfit=unfit, **counts)))


main()
