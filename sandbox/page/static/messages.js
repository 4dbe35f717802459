// One message as a chat shows it.

import { button, h } from "./dom.js";
import { formatted } from "./entities.js";
import { currentLanguage, t } from "./words.js";

// *topic* is the name of the one it was said in, where that is to be shown.
export function messageElement(message, topic, acts) {
  const service = serviceWords(message);
  if (service) return h("li", { class: "service", "data-message": message.message_id }, service);
  const name = senderName(message);
  const isBot = message.from?.is_bot;
  const text = message.text ?? message.caption ?? "";
  return h(
    "li",
    { class: `message ${isBot ? "bot" : acts.isMine(message) ? "mine" : "person"}`, "data-message": message.message_id },
    h("div", { class: "bubble" },
      h("div", { class: "sender" }, name),
      origin(message),
      replied(message, acts),
      attachment(message),
      text ? h("div", { class: "text" }, formatted(text, message.entities ?? message.caption_entities, acts)) : null,
      foot(message, name, topic, acts)),
    keyboard(message, acts),
    reactions(message));
}

export function senderName(message) {
  return message.sender_chat?.title ?? message.from?.first_name ?? message.chat.title;
}

function origin(message) {
  const from = message.forward_origin;
  if (!from) return null;
  return h("div", { class: "origin" }, t("forwardedFrom", from.sender_user?.first_name ?? from.chat?.title ?? ""));
}

function replied(message, acts) {
  const before = message.reply_to_message;
  if (!before || before.forum_topic_created) return null;
  const words = before.text ?? before.caption ?? before.document?.file_name ?? "";
  return button([h("b", {}, senderName(before)), " ", words.split("\n")[0].slice(0, 80)], () => acts.show(before.message_id), { class: "replied" });
}

function attachment(message) {
  if (message.photo) {
    const largest = message.photo[message.photo.length - 1];
    return h("img", { src: `files/${largest.file_id}`, alt: t("photo"), width: largest.width, height: largest.height });
  }
  const file = message.document;
  if (!file) return null;
  return h("a", { class: "document", href: `files/${file.file_id}`, download: file.file_name, "aria-label": t("download", file.file_name) },
    h("span", { "aria-hidden": "true" }, "📄"), h("span", {}, file.file_name), h("span", { class: "dim" }, size(file.file_size)));
}

function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function foot(message, name, topic, acts) {
  const time = new Date((message.edit_date ?? message.date) * 1000);
  const said = time.toLocaleTimeString(currentLanguage(), { hour: "2-digit", minute: "2-digit" });
  return h("div", { class: "foot" },
    topic ? h("span", { class: "topic" }, topic) : null,
    message.edit_date ? h("span", {}, t("edited")) : null,
    h("time", { datetime: time.toISOString() }, said),
    button("⋯", (event) => acts.menu(message, event.currentTarget), { class: "more", "aria-label": t("actions", name), "aria-haspopup": "dialog" }));
}

function keyboard(message, acts) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows?.length) return null;
  return h("div", { class: "keyboard" }, rows.map((row) =>
    h("div", { class: "row" }, row.map((one) => button(one.text + (one.url ? " ↗" : ""), () => acts.press(message, one))))));
}

function reactions(message) {
  return message.reactions?.length ? h("div", { class: "reactions" }, message.reactions.join(" ")) : null;
}

function serviceWords(message) {
  if (message.text !== undefined || message.caption !== undefined || message.document || message.photo) return "";
  if (message.new_chat_members) return t("joined", message.new_chat_members.map((one) => one.first_name).join(", "));
  if (message.left_chat_member) return t("left", message.left_chat_member.first_name);
  if (message.forum_topic_created) return t("topicOpened", message.forum_topic_created.name);
  if (message.users_shared) return t("shared");
  return t("service");
}
