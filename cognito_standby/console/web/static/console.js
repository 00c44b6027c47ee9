// Keeps a page up to date, by server-sent events; without it a page is as it was when it was loaded.
"use strict";
(() => {
  const live = document.getElementById("live");
  const connection = document.getElementById("connection");
  const news = document.getElementById("news");
  // A machine is wider than a phone: where it failed or is, else where it begins, is shown first.
  document.querySelectorAll("svg.machine").forEach((drawn) => {
    const box = drawn.parentElement;
    const { left, width } = (drawn.querySelector(".broken, .going") ?? drawn.querySelector(".state")).getBoundingClientRect();
    box.scrollLeft = left - box.getBoundingClientRect().left + (width - box.clientWidth) / 2;
  });
  if (!live || !window.EventSource) return;
  const fresh = document.getElementById("fresh");
  let source = null, again = 0;
  let told = live.querySelector("[data-news]")?.dataset.news ?? "";
  let heard = Date.now();

  // Whoever stands on something by the keyboard goes on standing there.
  const placeOf = (element) => {
    if (!element || !live.contains(element)) return null;
    const same = [...live.querySelectorAll(element.tagName)];
    return { tag: element.tagName, at: same.indexOf(element), href: element.getAttribute("href") };
  };
  const standAt = (place) => {
    if (!place) return;
    const same = [...live.querySelectorAll(place.tag)];
    const found = same.find((each) => each.getAttribute("href") === place.href && place.href) ?? same[place.at];
    found?.focus({ preventScroll: true });
  };
  const scrolledTo = () => [...live.querySelectorAll(".scroll")].map((each) => each.scrollLeft);

  // Only what differs is touched: whoever presses the mouse on something, or has a screen reader
  // read it, finds it still there.
  const alike = (here, made) => here.nodeType === made.nodeType && here.nodeName === made.nodeName && here.nodeName !== "svg";
  const become = (here, made) => {
    if (here.isEqualNode(made)) return;
    if (here.nodeType !== Node.ELEMENT_NODE) { here.data = made.data; return; }
    [...here.attributes].forEach(({ name }) => made.hasAttribute(name) || here.removeAttribute(name));
    [...made.attributes].forEach(({ name, value }) => here.getAttribute(name) === value || here.setAttribute(name, value));
    const present = [...here.childNodes], wanted = [...made.childNodes];
    wanted.forEach((each, at) => {
      if (!present[at]) here.append(each);
      else if (alike(present[at], each)) become(present[at], each);
      else if (!present[at].isEqualNode(each)) present[at].replaceWith(each);
    });
    present.slice(wanted.length).forEach((each) => each.remove());
  };
  const selecting = () => {
    const selection = window.getSelection();
    return !!selection && !selection.isCollapsed && live.contains(selection.anchorNode);
  };
  let kept = null; // what came while somebody selected something
  const show = (text, at) => {
    kept = selecting() ? { text, at } : null;
    if (kept) return;
    const place = placeOf(document.activeElement), scrolled = scrolledTo();
    const made = live.cloneNode(false);
    made.innerHTML = text; // made by the server, which escapes what it shows
    become(live, made);
    live.querySelectorAll(".scroll").forEach((each, at) => { each.scrollLeft = scrolled[at] ?? 0; });
    const stands = placeOf(document.activeElement);
    if (place && stands?.href !== place.href) standAt(place);
    fresh.textContent = `Renewed ${at}.`;
    const now = live.querySelector("[data-news]")?.dataset.news ?? "";
    if (now !== told) news.textContent = told = now;
  };
  document.addEventListener("selectionchange", () => { if (kept && !selecting()) show(kept.text, kept.at); });
  // It is read out: what is said already is not said again.
  const say = (text, look) => {
    if (connection.textContent !== text) connection.textContent = text;
    connection.className = look;
  };
  // A browser tries again by itself what was cut off, and gives up for good what was refused: a
  // console that was started anew knows neither this browser nor its forms.
  const refused = async () => {
    const mine = source;
    const status = await fetch("/static/icon.svg", { cache: "no-store" }).then((answer) => answer.status, () => 0);
    if (status === 401) say("This console was started anew: open the address that it printed, and this page goes on.", "off");
    if (source === mine) again = setTimeout(() => { source = null; open(); }, 2000);
  };
  const open = () => {
    if (source) return;
    source = new EventSource(live.dataset.live);
    source.onopen = () => say("Live.", "on");
    source.onmessage = (event) => {
      heard = Date.now();
      say("Live.", "on");
      show(JSON.parse(event.data), event.lastEventId);
    };
    source.addEventListener("broke", (event) => say(`What is shown is old: ${JSON.parse(event.data)}`, "off"));
    source.onerror = () => {
      // Each try is one: what counts up is read by nobody aloud.
      say("The console does not answer: what is shown is old. Trying again.", "off");
      fresh.textContent = `It was made ${Math.round((Date.now() - heard) / 1000)} s ago.`;
      if (source.readyState === EventSource.CLOSED) refused();
    };
  };
  const close = () => { clearTimeout(again); source?.close(); source = null; };
  // A browser opens six connections to one place: a tab that nobody sees gives its own back.
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", () => { if (!document.hidden) open(); });
  if (!document.hidden) open();
})();
