// What the page itself remembers: which chat is open, who speaks, what is being written.

import { part, partNames } from "./store.js";

export const view = {
  chat: null, // the id of the open chat, as text
  topic: null, // of a forum: the id of the topic, or null for all
  speakers: {}, // of each chat: who speaks
  replyTo: null, // the message that is replied to
  editing: null, // the message that is being edited
  file: null, // the file that goes along
  drafts: {}, // of each chat: what was typed and not sent
};

export const chatIds = () => partNames("chat ").map((name) => name.slice("chat ".length));
export const chatOf = (id) => part(`chat ${id}`);
export const messagesOf = (id) => Object.values(part(`messages ${id}`)).sort((a, b) => a.message_id - b.message_id);

// Who speaks in the open chat.
export function speaker() {
  const people = chatOf(view.chat).people ?? [];
  return people.find((one) => one.id === view.speakers[view.chat]) ?? people[0];
}

export function isMine(message) {
  return message.from?.id === speaker()?.id && !message.from?.is_bot;
}
