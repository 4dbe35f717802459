// Text with Telegram's entities as elements: offsets count UTF-16 units, as JavaScript does.

import { button, h } from "./dom.js";
import { t } from "./words.js";

const LINES_SHOWN = 3;

// The acts: what becomes of a tap on a command, on an address, on code.
export function formatted(text, entities, acts) {
  const sorted = [...(entities ?? [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return nodes(text, sorted, 0, text.length, acts);
}

function nodes(text, entities, from, to, acts) {
  const found = [];
  let place = from;
  let rest = entities;
  while (rest.length) {
    const [entity, ...others] = rest;
    const end = Math.min(entity.offset + entity.length, to);
    if (entity.offset < place || end <= entity.offset) {
      rest = others;
      continue;
    }
    if (entity.offset > place) found.push(text.slice(place, entity.offset));
    const inside = others.filter((one) => one.offset < end);
    found.push(element(entity, text.slice(entity.offset, end), nodes(text, inside, entity.offset, end, acts), acts));
    place = end;
    rest = others.filter((one) => one.offset >= end);
  }
  if (place < to) found.push(text.slice(place, to));
  return found;
}

function element(entity, text, inner, acts) {
  switch (entity.type) {
    case "bold": return h("b", {}, inner);
    case "italic": return h("i", {}, inner);
    case "underline": return h("u", {}, inner);
    case "strikethrough": return h("s", {}, inner);
    case "code": return h("code", { class: "copies", role: "button", tabindex: "0", ...tap(() => acts.copy(text)) }, inner);
    case "pre": return h("pre", { tabindex: "0", "data-language": entity.language }, h("code", {}, inner));
    case "spoiler": return spoiler(inner);
    case "blockquote": return h("blockquote", {}, inner);
    case "expandable_blockquote": return quote(text, inner);
    case "bot_command": return button(inner, () => acts.command(text), { class: "link" });
    case "url": return button(inner, () => acts.address(text), { class: "link" });
    case "text_link": return button(inner, () => acts.address(entity.url), { class: "link", title: entity.url });
    case "text_mention":
    case "mention":
    case "hashtag":
    case "email": return h("span", { class: "name" }, inner);
    default: return h("span", {}, inner);
  }
}

function spoiler(inner) {
  const cover = h("span", { class: "spoiler", role: "button", tabindex: "0", "aria-label": t("spoiler"), "aria-expanded": "false" }, inner);
  const open = () => {
    cover.classList.add("open");
    cover.removeAttribute("aria-label");
    cover.setAttribute("aria-expanded", "true");
  };
  for (const [name, act] of Object.entries(tap(open))) cover.addEventListener(name.slice(2), act);
  return cover;
}

function quote(text, inner) {
  if (text.split("\n").length <= LINES_SHOWN) return h("blockquote", {}, inner);
  const body = h("div", { class: "folded" }, inner);
  const toggle = button(t("more"), () => {
    const isFolded = body.classList.toggle("folded");
    toggle.textContent = t(isFolded ? "more" : "less");
    toggle.setAttribute("aria-expanded", String(!isFolded));
  }, { class: "link", "aria-expanded": "false" });
  return h("blockquote", {}, body, toggle);
}

function tap(act) {
  return {
    onclick: act,
    onkeydown: (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      act();
    },
  };
}
