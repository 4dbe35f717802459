// The open chat: its messages, its topics, and what can be done with a message.

import { arrange, button, byId, h } from "./dom.js";
import { messageElement, senderName } from "./messages.js";
import { GENERAL, chatIds, chatOf, isMine, messagesOf, speaker, view } from "./state.js";
import { act, part, when } from "./store.js";
import { t } from "./words.js";

const NEAR_THE_END = 80;
const TOAST_MILLISECONDS = 4000;

export function startTalk({ send, onLeave, onOpen, onBegin }) {
  const list = byId("messages");
  const shown = new Map();
  const waiting = new Set();
  const newer = button("↓", () => toEnd(), { class: "newer", hidden: true });
  list.after(newer);
  list.addEventListener("scroll", () => {
    view.isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_THE_END;
    if (view.isAtEnd) newer.hidden = true;
  });

  const acts = {
    command: (text) => send(text),
    copy: (text) => copy(text, t("copied")),
    address: (url) => follow(url),
    show: (id) => list.querySelector(`[data-message="${id}"]`)?.scrollIntoView({ block: "center" }),
    press: (message, key) => press(message, key),
    menu: (message, opener) => menu(message, opener),
    isMine,
  };

  when(["messages "], (news) => {
    for (const [name, members] of Object.entries(news)) {
      if (name === `messages ${view.chat}`) for (const id of Object.keys(members)) shown.delete(id);
    }
    if (`messages ${view.chat}` in news) draw();
    for (const name of Object.keys(news)) markUnread(name.slice("messages ".length));
  });
  when(["chat "], () => (view.chat ? drawHead() : null));
  when(["answers"], (news) => {
    for (const [query, answer] of Object.entries(news.answers)) {
      if (waiting.delete(query) && answer?.text) toast(answer.text);
    }
  });

  function markUnread(id) {
    if (id !== view.chat) document.querySelector(`#chats [data-chat="${id}"]`)?.classList.add("unread");
  }

  function open(id) {
    if (id === view.chat) return;
    if (view.chat) onLeave();
    view.chat = id;
    shown.clear();
    list.replaceChildren();
    onOpen();
    draw();
    drawHead();
    toEnd();
  }

  function redraw() {
    shown.clear();
    draw();
    drawHead();
  }

  function draw() {
    const messages = messagesOf(view.chat).filter((one) => view.topic === null || (one.message_thread_id ?? GENERAL) === view.topic);
    for (const one of messages) {
      const key = String(one.message_id);
      if (!shown.has(key)) shown.set(key, messageElement(one, topicOf(one), acts));
    }
    arrange(list, messages.length ? messages.map((one) => shown.get(String(one.message_id))) : [hello()]);
    if (view.isAtEnd) toEnd();
    else newer.hidden = false;
  }

  function toEnd() {
    view.isAtEnd = true;
    newer.hidden = true;
    list.scrollTop = list.scrollHeight;
  }

  // Where it was said, if all topics are shown.
  function topicOf(message) {
    const { topics = {} } = chatOf(view.chat);
    return view.topic === null ? topics[message.message_thread_id] ?? "" : "";
  }

  function hello() {
    const about = part("about");
    const tries = ["/start", `/link ${about.address} ${about.key}`, "/stats yesterday campaign top 5"];
    return h("li", { class: "hello" }, h("p", {}, t("hello")), tries.map((text) => button(text, () => send(text), { class: "link" })));
  }

  function drawHead() {
    const chat = chatOf(view.chat);
    byId("chat-title").textContent = chat.title ?? "";
    const topics = Object.entries(chat.topics ?? {});
    const chosen = (id) => ({ "aria-pressed": String(view.topic === id) });
    newer.setAttribute("aria-label", t("newer"));
    byId("topics").replaceChildren(...(topics.length
      ? [button(t("everything"), () => pick(null), chosen(null)), button(t("general"), () => pick(GENERAL), chosen(GENERAL)), ...topics.map(([id, name]) => button(name, () => pick(Number(id)), chosen(Number(id))))]
      : []));
  }

  function pick(topic) {
    view.topic = topic;
    shown.clear();
    draw();
    drawHead();
    toEnd();
    onBegin();
  }

  async function press(message, key) {
    if (key.url) return follow(key.url);
    if (key.copy_text) return copy(key.copy_text.text, t("copied"));
    const { query } = await act("press", { chat: Number(view.chat), person: speaker().id, message: message.message_id, data: key.callback_data });
    const answer = part("answers")[query];
    if (answer) return answer.text ? toast(answer.text) : null;
    waiting.add(query);
  }

  async function follow(url) {
    if (!url.startsWith(`https://t.me/${part("about").username}?start=`)) return copy(url, t("outside"));
    const { chat } = await act("follow", { chat: Number(view.chat), person: speaker().id, url });
    open(String(chat));
  }

  function menu(message, opener) {
    const dialog = byId("choice");
    const begin = (what) => () => {
      dialog.close();
      Object.assign(view, { replyTo: null, editing: null, [what]: message });
      onBegin();
    };
    const choices = [button(t("reply"), begin("replyTo")), button(t("forward"), () => forward(message, dialog))];
    if (isMine(message) && message.text) choices.push(button(t("edit"), begin("editing")));
    ask(dialog, senderName(message), choices, opener);
  }

  function forward(message, dialog) {
    const { id } = speaker();
    const targets = chatIds().filter((chat) => chatOf(chat).people.some((one) => one.id === id));
    const choices = targets.map((chat) => button(chatOf(chat).title, async () => {
      dialog.close();
      await act("forward", { chat: Number(view.chat), person: id, message: message.message_id, to: Number(chat) });
      open(chat);
    }));
    dialog.close();
    ask(dialog, t("forwardTo"), choices);
  }

  return { open, redraw, acts };
}

export function ask(dialog, title, choices, opener) {
  dialog.replaceChildren(h("h2", {}, title), ...choices, button(t("cancel"), () => dialog.close(), { class: "quiet" }));
  dialog.onclose = () => opener?.isConnected && opener.focus();
  dialog.showModal();
}

let hiding;

export function toast(text) {
  const box = byId("toast");
  box.textContent = text;
  box.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => (box.hidden = true), TOAST_MILLISECONDS);
}

export async function copy(text, said) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without the right to it the text can still be read.
    said = text;
  }
  toast(said);
}
