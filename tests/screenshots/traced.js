// What a window shows, as pieces of SVG: [layer, style, markup] each. Run in the page.
(click) => {
  const found = [];
  const W = innerWidth, H = innerHeight;
  const n = (value) => String(Math.round(value * 10) / 10);
  const esc = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
  const color = (text) => {
    const parts = text.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
    if (parts.length > 3 && parts[3] === 0) return "";
    return "#" + parts.slice(0, 3).map((each) => Math.round(each).toString(16).padStart(2, "0")).join("");
  };
  const paper = document.createElement("canvas").getContext("2d");
  const add = (layer, style, markup) => found.push([layer, style, markup]);
  const TEXT = 100, MARK = 200, SVG = 90;

  // A part of a wide machine is seen: what is outside of its box is not.
  const frameOf = (element) => {
    const box = element.closest(".scroll")?.getBoundingClientRect();
    return box ?? { left: 0, top: -1e6, right: W, bottom: 1e6, width: W };
  };
  const unseen = (element) => element.closest(".unseen, .skip, noscript, script");
  const outside = (rect) => rect.bottom <= 0 || rect.top >= H || rect.right <= 0 || rect.left >= W;

  const rect = (left, top, width, height, radius = 0) =>
    `<rect x="${n(left)}" y="${n(top)}" width="${n(width)}" height="${n(height)}"${radius ? ` rx="${n(radius)}"` : ""}/>`;

  // A fieldset's border goes through the middle of its legend, which stands in a gap of it.
  const edgeOf = (element) => {
    const at = element.getBoundingClientRect();
    const legend = element.tagName === "FIELDSET" && element.querySelector("legend")?.getBoundingClientRect();
    if (!legend) return at;
    const top = (legend.top + legend.bottom) / 2;
    return { left: at.left, right: at.right, top, bottom: at.bottom, width: at.width, height: at.bottom - top };
  };
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const fill = color(getComputedStyle(each).backgroundColor);
      if (fill) return fill;
    }
    return "#fff";
  };

  const box = (element, look, depth) => {
    const at = edgeOf(element);
    if (element.tagName === "LEGEND") add(depth + 1, `fill:${behind(element)}`, rect(at.left, at.top, at.width, at.height));
    const fill = color(look.backgroundColor);
    const radius = Math.min(parseFloat(look.borderTopLeftRadius) || 0, at.height / 2);
    const sides = ["Top", "Right", "Bottom", "Left"].map((name) => ({
      name, width: look[`border${name}Style`] === "none" ? 0 : parseFloat(look[`border${name}Width`]),
      color: color(look[`border${name}Color`]), style: look[`border${name}Style`],
    }));
    const [first] = sides;
    const around = sides.every((each) => each.width === first.width && each.color === first.color);
    if (fill) add(depth, `fill:${fill}`, rect(at.left, at.top, at.width, at.height, radius));
    if (around && first.width) {
      const dash = first.style === "dashed" ? ";stroke-dasharray:4 3" : "";
      add(depth, `fill:none;stroke:${first.color};stroke-width:${first.width}${dash}`,
        rect(at.left + first.width / 2, at.top + first.width / 2, at.width - first.width, at.height - first.width, radius));
      return;
    }
    // Where sides differ the thin ones are drawn around, and a thick one over them.
    const thin = sides.filter((each) => each.width).sort((one, other) => one.width - other.width)[0];
    if (thin && sides.every((each) => each.width))
      add(depth, `fill:none;stroke:${thin.color};stroke-width:${thin.width}`,
        rect(at.left + thin.width / 2, at.top + thin.width / 2, at.width - thin.width, at.height - thin.width, radius));
    for (const side of sides) {
      if (!side.width || !side.color || (sides.every((each) => each.width) && side.width === thin.width)) continue;
      const half = side.width / 2, over = Math.min(radius / 2, 5);
      const [x1, y1, x2, y2] = {
        Top: [at.left + over, at.top + half, at.right - over, at.top + half],
        Bottom: [at.left, at.bottom - half, at.right, at.bottom - half],
        Left: [at.left + half, at.top + over, at.left + half, at.bottom - over],
        Right: [at.right - half, at.top, at.right - half, at.bottom],
      }[side.name];
      const dash = side.style === "dashed" ? ";stroke-dasharray:9 5" : side.style === "dotted" ? ";stroke-dasharray:3 3" : "";
      add(depth, `stroke:${side.color};stroke-width:${side.width}${dash}`,
        `<path d="M${n(x1)} ${n(y1)}L${n(x2)} ${n(y2)}"/>`);
    }
  };

  const kindOf = (look) => (/mono/i.test(look.fontFamily) ? "m" : "s");
  const written = (text, left, width, top, height, look, underlined) => {
    paper.font = `${look.fontStyle} ${look.fontWeight} ${look.fontSize} ${look.fontFamily}`;
    const told = paper.measureText(text);
    const up = told.fontBoundingBoxAscent, down = told.fontBoundingBoxDescent;
    const base = top + (height - up - down) / 2 + up;
    const italic = look.fontStyle === "italic" ? "italic " : "";
    const line = underlined ? ";text-decoration:underline" : "";
    const long = text.length > 1 ? ` textLength="${n(width)}" lengthAdjust="spacingAndGlyphs"` : "";
    add(TEXT, `font:${italic}${look.fontWeight} ${look.fontSize} ${kindOf(look)};fill:${color(look.color)}${line}`,
      `<text x="${n(left)}" y="${n(base)}"${long}>${esc(text)}</text>`);
  };

  const lines = (node) => {
    const element = node.parentElement, look = getComputedStyle(element), within = frameOf(element);
    const range = document.createRange();
    let line = null;
    const flush = () => {
      const text = line?.text.replace(/\s+/g, " ").trim();
      if (text && !outside(line) && line.left < within.right && line.right > within.left && line.top >= within.top - 1)
        written(text, line.left, line.right - line.left, line.top, line.height, look,
          !!element.closest("a") && getComputedStyle(element.closest("a")).textDecorationLine.includes("underline"));
      line = null;
    };
    for (let at = 0; at < node.data.length; at += 1) {
      range.setStart(node, at);
      range.setEnd(node, at + 1);
      const seen = range.getClientRects()[0];
      if (!seen || !seen.width) continue;
      const blank = /\s/.test(node.data[at]);
      if (line && Math.abs(line.top - seen.top) > 2) flush();
      if (!line) { if (blank) continue; line = { text: "", left: seen.left, right: seen.right, top: seen.top, bottom: seen.bottom, height: seen.height }; }
      line.text += node.data[at];
      if (!blank) line.right = seen.right;
    }
    flush();
  };

  const field = (element, look, depth) => {
    const at = element.getBoundingClientRect(), accent = color(getComputedStyle(document.querySelector(".logo")).backgroundColor);
    if (element.type === "hidden" || !at.width) return;
    const x = at.left + at.width / 2, y = at.top + at.height / 2, on = element.checked ? accent : color(look.color);
    if (element.type === "radio") {
      add(depth, `fill:none;stroke:${on};stroke-width:1.5`, `<circle cx="${n(x)}" cy="${n(y)}" r="6"/>`);
      if (element.checked) add(depth + 1, `fill:${accent}`, `<circle cx="${n(x)}" cy="${n(y)}" r="3.6"/>`);
    } else if (element.type === "checkbox") {
      add(depth, `fill:${element.checked ? accent : "none"};stroke:${on};stroke-width:1.5`, rect(at.left + 1, at.top + 1, at.width - 2, at.height - 2, 3));
      if (element.checked) add(depth + 1, "fill:none;stroke:#fff;stroke-width:2.5", `<path d="M${n(x - 5)} ${n(y)}l4 4 6-8"/>`);
    } else {
      box(element, look, depth);
      const left = at.left + parseFloat(look.paddingLeft) + parseFloat(look.borderLeftWidth);
      paper.font = `${look.fontWeight} ${look.fontSize} ${look.fontFamily}`;
      if (element.value) written(element.value, left, paper.measureText(element.value).width, at.top, at.height, look, false);
    }
  };

  const SHAPE = ["fill", "stroke", "stroke-width", "stroke-dasharray", "opacity", "font-size", "font-weight"];
  const figure = (element) => {
    const at = element.getBoundingClientRect(), within = frameOf(element);
    if (outside(at)) return;
    const copy = element.cloneNode(true);
    const originals = element.querySelectorAll("*");
    copy.querySelectorAll("*").forEach((each, number) => {
      const look = getComputedStyle(originals[number]);
      each.removeAttribute("class");
      if (each.tagName === "title" || each.tagName === "desc") return void each.setAttribute("data-gone", "");
      if (!["rect", "circle", "path", "line", "polyline", "polygon", "text", "tspan"].includes(each.tagName)) return;
      const told = SHAPE.filter((name) => each.tagName === "text" || !name.startsWith("font"))
        .map((name) => [name, /^rgb/.test(look[name]) ? color(look[name]) || "none" : look[name]])
        .filter(([name, value]) => !(name === "opacity" && value === "1") && !(value === "none" && name !== "fill") && !(name === "stroke-width" && look.stroke === "none"))
        .map(([name, value]) => `${name}:${value.replace(/px/g, name === "font-size" ? "px" : "")}`);
      each.setAttribute("style", told.join(";") + (each.tagName === "text" ? ";font-family:s" : ""));
    });
    copy.querySelectorAll("[data-gone]").forEach((each) => each.remove());
    for (const name of ["class", "role", "aria-label", "aria-labelledby", "style"]) copy.removeAttribute(name);
    const left = Math.max(at.left, within.left), right = Math.min(at.right, within.right);
    for (const [name, value] of Object.entries({ x: at.left - left, y: 0, width: at.width, height: at.height })) copy.setAttribute(name, n(value));
    const markup = new XMLSerializer().serializeToString(copy).replace(/ xmlns="[^"]*"/g, "").replace(/\n\s*/g, "");
    add(SVG, "", `<svg x="${n(left)}" y="${n(at.top)}" width="${n(right - left)}" height="${n(at.height)}">${markup}</svg>`);
  };

  const marker = (element, look) => {
    const list = element.parentElement;
    if (look.display !== "list-item" || getComputedStyle(list).listStyleType === "none") return;
    const at = element.getBoundingClientRect(), middle = at.top + parseFloat(look.lineHeight) / 2;
    if (outside(at)) return;
    if (list.tagName === "OL") {
      const text = `${[...list.children].indexOf(element) + 1}.`;
      paper.font = `${look.fontWeight} ${look.fontSize} ${look.fontFamily}`;
      const width = paper.measureText(text).width;
      written(text, at.left - width - 5, width, at.top, parseFloat(look.lineHeight), look, false);
    } else add(TEXT, `fill:${color(look.color)}`, `<circle cx="${n(at.left - 13)}" cy="${n(middle)}" r="2.6"/>`);
  };

  const walk = (element, depth) => {
    const look = getComputedStyle(element);
    if (look.display === "none" || unseen(element)) return;
    if (element.tagName === "svg") return figure(element);
    if (element.tagName === "INPUT") return outside(element.getBoundingClientRect()) ? undefined : field(element, look, depth);
    const at = element.getBoundingClientRect();
    if (at.width && at.height && !outside(at)) {
      if (element.matches(".logo")) {
        const back = color(getComputedStyle(document.querySelector(".top")).backgroundColor), fill = color(look.backgroundColor);
        const x = at.left + 7, y = at.top + 7;
        add(depth, `fill:${fill}`, `<circle cx="${n(x + 9)}" cy="${n(y)}" r="7"/>`);
        add(depth + 1, `fill:${back}`, `<circle cx="${n(x + 9)}" cy="${n(y)}" r="4.5"/>`);
        add(depth + 2, `fill:${fill}`, `<circle cx="${n(x)}" cy="${n(y)}" r="7"/>`);
      } else box(element, look, depth);
    }
    if (element.tagName === "LI") marker(element, look);
    for (const child of element.childNodes) {
      if (child.nodeType === Node.TEXT_NODE && child.data.trim()) lines(child);
      else if (child.nodeType === Node.ELEMENT_NODE) walk(child, depth + 1);
    }
  };
  add(0, `fill:${behind(document.body)}`, rect(0, 0, W, H));
  walk(document.body, 1);
  const target = click && [...document.querySelectorAll(click)].find((each) => !outside(each.getBoundingClientRect()));
  if (target) {
    const at = target.getBoundingClientRect();
    add(MARK, "fill:none;stroke:#e8590c;stroke-width:3", rect(at.left - 5, at.top - 5, at.width + 10, at.height + 10, 11));
  }
  return found;
}
