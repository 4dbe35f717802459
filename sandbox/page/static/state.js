// What the page itself remembers: which chat is open, who speaks, what is being written.

import { part, partNames } from "./store.js";

export const view = {
  chat: null, // the id of the open chat, as text
  topic: null, // of a forum: the id of the topic, GENERAL, or null for all
  speakers: {}, // of each chat: who speaks
  replyTo: null, // the message that is replied to
  editing: null, // the message that is being edited
  file: null, // the file that goes along
  drafts: {}, // of each chat that is not open: what was typed, what it replies to, and so on
  isAtEnd: true, // whether the end of the conversation is to stay in sight
};

// What belongs to a message that is being written.
export const BLANK = { text: "", topic: null, replyTo: null, editing: null, file: null };
// Of a forum: what was said in none of its topics.
export const GENERAL = 0;

export const chatIds = () => partNames("chat ").map((name) => name.slice("chat ".length));
export const chatOf = (id) => part(`chat ${id}`);
// Everybody who speaks in any chat, once.
export const everybody = () => [...new Map(chatIds().flatMap((id) => chatOf(id).people ?? []).map((one) => [one.id, one])).values()];
export const messagesOf = (id) => Object.values(part(`messages ${id}`)).sort((a, b) => a.message_id - b.message_id);

// Who speaks in the open chat.
export function speaker() {
  const people = chatOf(view.chat).people ?? [];
  return people.find((one) => one.id === view.speakers[view.chat]) ?? people[0];
}

export function isMine(message) {
  return message.from?.id === speaker()?.id && !message.from?.is_bot;
}
