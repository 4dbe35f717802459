// What one writes: text, a file, a reply, an edit; the menu of commands and the keyboard of the bot.

import { button, byId, h } from "./dom.js";
import { senderName } from "./messages.js";
import { ask, toast } from "./talk.js";
import { BLANK, chatOf, everybody, speaker, view } from "./state.js";
import { act, attach } from "./store.js";
import { t } from "./words.js";

// In UTF-16 units, as Telegram counts and as JavaScript does.
const TEXT_MOST = 4096;
const CAPTION_MOST = 1024;
const FILE_MOST_BYTES = 20 * 1024 * 1024;

export function startComposer({ onSpeaker }) {
  const form = byId("composer");
  const text = h("textarea", { id: "text", rows: "1", autocomplete: "off" });
  const speakers = h("select", { id: "speaker" });
  const speakersLabel = h("label", { for: "speaker" });
  const above = h("div", { class: "above" });
  const commands = h("div", { class: "commands", role: "group", hidden: true });
  const keys = h("div", { class: "keys", role: "group" });
  const picker = h("input", { type: "file", hidden: true, onchange: () => take(picker.files) });
  const clip = button("📎", () => picker.click(), { class: "clip" });
  const submit = h("button", { type: "submit" });
  form.append(commands, above, h("div", { class: "line" }, clip, picker, text, submit), keys, h("div", { class: "who" }, speakersLabel, speakers));

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    finish();
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return reset();
    if (event.key === "Tab" && !event.shiftKey && !commands.hidden) {
      event.preventDefault();
      return complete(commands.firstElementChild.dataset.command);
    }
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
    if (event.key === "Tab" && !event.shiftKey) {
      event.preventDefault();
      return complete(document.activeElement.dataset.command);
    }
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

  function take(files) {
    const [file] = files;
    if (!file) return;
    if (files.length > 1) toast(t("oneFile", file.name));
    if (file.size > FILE_MOST_BYTES) return toast(t("tooLarge", file.name));
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
    commands.replaceChildren(...fits.map((one) => button([h("b", {}, `/${one.command}`), ` ${one.description}`], () => finish(`/${one.command}`), { "data-command": one.command })));
  }

  // Leaves room for what comes behind the command.
  function complete(command) {
    text.value = `/${command} `;
    update();
    text.focus();
  }

  // Sends what is written, or a command in its place; what does not arrive comes back.
  async function finish(words = text.value.trim()) {
    const { editing, file, replyTo, chat } = view;
    if (!words && !file) return;
    const most = file && !editing ? CAPTION_MOST : TEXT_MOST;
    if (words.length > most) return toast(t(file ? "longCaption" : "longText", words.length, most));
    const written = { text: words, topic: view.topic, replyTo, editing, file };
    const more = { ...place(), reply_to: replyTo?.message_id ?? null, thread: thread() };
    reset();
    const isSent = await said(() => {
      if (editing) return act("edit", { chat: more.chat, person: more.person, message: editing.message_id, text: words });
      if (file) return attach({ ...more, name: file.name, type: file.type, caption: words }, file);
      return act("say", { ...more, text: words });
    });
    if (isSent) return;
    if (chat !== view.chat) view.drafts[chat] = written;
    else if (!text.value && !view.file) restore(written);
  }

  function restore({ text: words, ...others }) {
    Object.assign(view, others);
    text.value = words;
    update();
  }

  // Says something beside what is being written.
  function send(words) {
    return said(() => act("say", { ...place(), reply_to: null, thread: thread(), text: words }));
  }

  async function said(saying) {
    view.isAtEnd = true;
    try {
      await saying();
      return true;
    } catch (error) {
      // The browser's own words for a server that is gone are in one language.
      toast(error instanceof TypeError ? t("notSent") : error.message);
      return false;
    }
  }

  const place = () => ({ chat: Number(view.chat), person: speaker().id });
  const thread = () => view.topic || null;

  function reset() {
    Object.assign(view, { replyTo: null, editing: null, file: null });
    text.value = "";
    update();
    text.focus();
  }

  // Puts aside what is written in the open chat.
  function leave() {
    const { topic, replyTo, editing, file } = view;
    view.drafts[view.chat] = { text: text.value, topic, replyTo, editing, file };
  }

  // Takes up what was written in the chat that is opened.
  function enter() {
    restore({ ...BLANK, ...view.drafts[view.chat] });
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
    const boxes = everybody().filter((one) => one.id !== speaker().id).map((one) => {
      const box = h("input", { type: "checkbox", value: one.id, onchange: () => allow() });
      return [box, h("label", { class: "choice" }, box, ` ${one.name}`)];
    });
    const done = button(t("ok"), async () => {
      const people = boxes.filter(([box]) => box.checked).map(([box]) => Number(box.value));
      dialog.close();
      await said(() => act("share", { ...place(), request: request.request_id, people }));
    });
    const allow = () => {
      const count = boxes.filter(([box]) => box.checked).length;
      done.disabled = count === 0 || count > most;
    };
    allow();
    ask(dialog, t("choose", most), [...boxes.map(([, label]) => label), done]);
  }

  function begin() {
    if (view.editing) text.value = view.editing.text;
    update();
    text.focus();
  }

  return { send, update, begin, leave, enter, written: () => text.value };
}

// Wherever it falls: beside the conversation a browser would leave the page and open the file.
function acceptDrops(take) {
  const mark = (isOver) => byId("talk").classList.toggle("over", isOver);
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    mark(true);
  });
  document.addEventListener("dragleave", () => mark(false));
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    mark(false);
    take(event.dataTransfer.files);
  });
}
