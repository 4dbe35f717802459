// What one writes: text, a file, a reply, an edit; the menu of commands and the keyboard of the bot.

import { button, byId, h } from "./dom.js";
import { senderName } from "./messages.js";
import { ask, toast } from "./talk.js";
import { chatOf, speaker, view } from "./state.js";
import { act, attach } from "./store.js";
import { t } from "./words.js";

export function startComposer({ onSpeaker }) {
  const form = byId("composer");
  const text = h("textarea", { id: "text", rows: "1", maxlength: "4096", autocomplete: "off" });
  const speakers = h("select", { id: "speaker" });
  const speakersLabel = h("label", { for: "speaker" });
  const above = h("div", { class: "above" });
  const commands = h("div", { class: "commands", role: "group", hidden: true });
  const keys = h("div", { class: "keys", role: "group" });
  const picker = h("input", { type: "file", hidden: true, onchange: () => take(picker.files[0]) });
  const clip = button("📎", () => picker.click(), { class: "clip" });
  const submit = h("button", { type: "submit" });
  form.append(commands, above, h("div", { class: "line" }, clip, picker, text, submit), keys, h("div", { class: "who" }, speakersLabel, speakers));

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    finish();
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return reset();
    if (event.key === "ArrowDown" && !commands.hidden) {
      event.preventDefault();
      return commands.querySelector("button")?.focus();
    }
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    finish();
  });
  text.addEventListener("input", () => {
    grow();
    offerCommands();
  });
  commands.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") text.focus();
    if (!step) return;
    event.preventDefault();
    const all = [...commands.children];
    (all[all.indexOf(document.activeElement) + step] ?? text).focus();
  });
  speakers.addEventListener("change", () => {
    view.speakers[view.chat] = Number(speakers.value);
    onSpeaker();
    update();
  });
  acceptDrops(take);

  function take(file) {
    if (!file) return;
    view.file = file;
    picker.value = "";
    update();
    text.focus();
  }

  function grow() {
    text.style.height = "auto";
    // A box that is not shown has no height of its own.
    if (text.scrollHeight) text.style.height = `${Math.min(text.scrollHeight + 2, 200)}px`;
  }

  function offerCommands() {
    const typed = /^\/(\w*)$/.exec(text.value)?.[1];
    const fits = typed === undefined ? [] : (speaker()?.menu ?? []).filter((one) => one.command.startsWith(typed));
    commands.hidden = !fits.length;
    commands.replaceChildren(...fits.map((one) => button([h("b", {}, `/${one.command}`), ` ${one.description}`], () => send(`/${one.command}`))));
  }

  async function finish() {
    const words = text.value.trim();
    if (!words && !view.file) return;
    const { editing } = view;
    try {
      if (editing) await act("edit", { ...place(), message: editing.message_id, text: words });
      else await send(words);
    } catch (error) {
      return toast(error.message);
    }
    if (editing) reset();
  }

  async function send(words) {
    const { file } = view;
    const more = { reply_to: view.replyTo?.message_id ?? null, thread: view.topic };
    reset();
    if (file) await attach({ ...place(), ...more, name: file.name, type: file.type, caption: words }, file);
    else await act("say", { ...place(), ...more, text: words });
  }

  const place = () => ({ chat: Number(view.chat), person: speaker().id });

  function reset() {
    Object.assign(view, { replyTo: null, editing: null, file: null });
    text.value = "";
    update();
    text.focus();
  }

  // Shows the state anew: who may speak, what is replied to, what the bot offers.
  function update() {
    const chat = chatOf(view.chat);
    const person = speaker();
    speakers.replaceChildren(...(chat.people ?? []).map((one) =>
      h("option", { value: one.id, selected: one.id === person?.id }, `${one.name} (${t(`roles.${one.role}`)})`)));
    speakersLabel.textContent = t("speakAs");
    commands.setAttribute("aria-label", t("menu"));
    clip.setAttribute("aria-label", t("file"));
    text.setAttribute("aria-label", t("write"));
    text.placeholder = t("placeholder");
    submit.textContent = t("send");
    above.replaceChildren(...notes());
    drawKeys(person?.keyboard);
    offerCommands();
    grow();
  }

  function notes() {
    const { replyTo, editing, file } = view;
    const words = replyTo ? t("replyingTo", senderName(replyTo)) : editing ? t("editing") : "";
    const found = [];
    if (words) found.push(h("span", { class: "note" }, words, button("✕", reset, { "aria-label": t("cancel") })));
    if (file) found.push(h("span", { class: "note" }, `📄 ${file.name}`, button("✕", () => {
      view.file = null;
      update();
    }, { "aria-label": t("removeFile") })));
    return found;
  }

  function drawKeys(markup) {
    const rows = markup?.keyboard ?? [];
    keys.replaceChildren(...rows.map((row) => h("div", { class: "row" }, row.map((key) =>
      button(key.text, () => (key.request_users ? choosePeople(key.request_users) : send(key.text)))))));
    if (markup?.input_field_placeholder) text.placeholder = markup.input_field_placeholder;
  }

  function choosePeople(request) {
    const dialog = byId("choice");
    const most = request.max_quantity ?? 1;
    const boxes = (chatOf(view.chat).people ?? []).map((one) => {
      const box = h("input", { type: "checkbox", value: one.id });
      return [box, h("label", { class: "choice" }, box, ` ${one.name}`)];
    });
    const done = button(t("ok"), async () => {
      const people = boxes.filter(([box]) => box.checked).map(([box]) => Number(box.value));
      dialog.close();
      try {
        await act("share", { ...place(), request: request.request_id, people });
      } catch (error) {
        toast(error.message);
      }
    });
    ask(dialog, t("choose", most), [...boxes.map(([, label]) => label), done]);
  }

  function begin() {
    if (view.editing) text.value = view.editing.text;
    update();
    text.focus();
  }

  return { send, update, begin };
}

function acceptDrops(take) {
  const target = byId("talk");
  const mark = (isOver) => target.classList.toggle("over", isOver);
  target.addEventListener("dragover", (event) => {
    event.preventDefault();
    mark(true);
  });
  target.addEventListener("dragleave", () => mark(false));
  target.addEventListener("drop", (event) => {
    event.preventDefault();
    mark(false);
    take(event.dataTransfer.files[0]);
  });
}
