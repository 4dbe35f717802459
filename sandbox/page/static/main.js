// The page is put together here.

import { startComposer } from "./composer.js";
import { button, byId, h } from "./dom.js";
import { chatIds, chatOf, view } from "./state.js";
import { listen, when } from "./store.js";
import { startTalk } from "./talk.js";
import { startTracker } from "./tracker.js";
import { startTrouble } from "./trouble.js";
import { currentLanguage, setLanguage, t } from "./words.js";

const DARK = matchMedia("(prefers-color-scheme: dark)");

setLanguage(kept("language") ?? navigator.language.slice(0, 2));
setTheme(kept("theme") ?? (DARK.matches ? "dark" : "light"));

const composer = startComposer({ onSpeaker: () => talk.redraw() });
const talk = startTalk({ send: composer.send, onLeave: composer.leave, onOpen: opened, onBegin: composer.begin });
const tracker = startTracker();
const trouble = startTrouble();

when(["chat "], () => {
  drawChats();
  if (view.chat) composer.update();
  else comeBack();
});
listen((isConnected) => {
  trouble.connected(isConnected);
  // Nobody is there to take what is written.
  byId("composer").inert = byId("trouble").inert = !isConnected;
});
addEventListener("pagehide", () => {
  const { chat, speakers } = view;
  sessionStorage.setItem("page place", JSON.stringify({ chat, speakers, text: composer.written() }));
});

byId("language").addEventListener("click", () => {
  setLanguage(currentLanguage() === "en" ? "ru" : "en");
  keep("language", currentLanguage());
  drawAll();
});
byId("theme").addEventListener("click", () => {
  setTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark");
  keep("theme", document.documentElement.dataset.theme);
});
for (const tab of document.querySelectorAll("#tabs button")) tab.addEventListener("click", () => show(tab.dataset.tab));
drawTools();
show("talk");

function drawAll() {
  drawTools();
  drawChats();
  talk.redraw();
  composer.update();
  tracker.redraw();
  trouble.redraw();
}

function drawTools() {
  byId("language").textContent = t("language");
  byId("theme").textContent = t(document.documentElement.dataset.theme === "dark" ? "light" : "dark");
}

function drawChats() {
  const focused = document.activeElement?.closest?.("#chats [data-chat]")?.dataset.chat;
  const unread = new Set([...document.querySelectorAll("#chats .unread")].map((one) => one.dataset.chat));
  byId("chats").replaceChildren(h("h2", {}, t("chats")), h("ul", {}, chatIds().map((id) => h("li", {}, chatButton(id, unread.has(id))))));
  if (focused) document.querySelector(`#chats [data-chat="${focused}"]`)?.focus();
}

function chatButton(id, isUnread) {
  const chat = chatOf(id);
  const isPrivate = chat.type === "private";
  const people = (chat.people ?? []).map((one) => (isPrivate ? t(`roles.${one.role}`) : one.name)).join(", ");
  return button(
    [h("b", {}, chat.title), h("span", { class: "dim" }, `${t(`chatTypes.${chat.type}`)} · ${people}`)],
    () => {
      talk.open(id);
      show("talk");
    },
    { "data-chat": id, "aria-current": id === view.chat ? "true" : "false", class: isUnread && id !== view.chat ? "unread" : "" });
}

function opened() {
  drawChats();
  composer.enter();
}

// After a reload: to the chat that was open, with what was typed there.
function comeBack() {
  const { chat, speakers = {}, text = "" } = JSON.parse(sessionStorage.getItem("page place") ?? "{}");
  view.speakers = speakers;
  const isThere = chatIds().includes(chat);
  if (isThere) view.drafts[chat] = { text };
  talk.open(isThere ? chat : chatIds()[0]);
}

function show(tab) {
  document.querySelector("main").dataset.tab = tab;
  if (tab === "talk" && view.chat) composer.update();
  for (const one of document.querySelectorAll("#tabs button")) one.setAttribute("aria-pressed", String(one.dataset.tab === tab));
}

function setTheme(name) {
  document.documentElement.dataset.theme = name === "dark" ? "dark" : "light";
  drawTools();
}

function kept(name) {
  return localStorage.getItem(`page ${name}`);
}

function keep(name, value) {
  localStorage.setItem(`page ${name}`, value);
}
