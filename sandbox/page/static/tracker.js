// The tracker: what it holds now, what has just changed, and what the bot asked of it.

import { arrange, button, byId, h } from "./dom.js";
import { copy } from "./talk.js";
import { part, when } from "./store.js";
import { currentLanguage, t } from "./words.js";

const FLASH_MILLISECONDS = 2500;

export function startTracker() {
  const streams = new Map();
  const calls = new Map();
  let isFirst = true;

  when(["streams", "campaigns"], (news) => {
    for (const [id, row] of Object.entries(news.streams ?? {})) {
      streams.delete(id);
      if (row && !isFirst) flash(id);
    }
    if (news.streams) isFirst = false;
    drawStreams();
  });
  when(["about"], () => {
    drawKey();
    // Nothing is told of calls as long as there are none.
    drawCalls();
  });
  when(["calls"], (news) => {
    for (const id of Object.keys(news.calls)) calls.delete(id);
    drawCalls();
  });

  const flashing = new Map();

  function flash(id) {
    clearTimeout(flashing.get(id));
    flashing.set(id, setTimeout(() => {
      flashing.delete(id);
      streams.get(id)?.classList.remove("flash");
    }, FLASH_MILLISECONDS));
    requestAnimationFrame(() => streams.get(id)?.scrollIntoView({ block: "nearest" }));
  }

  function drawStreams() {
    const rows = Object.values(part("streams"));
    for (const row of rows) {
      const id = String(row.id);
      if (!streams.has(id)) streams.set(id, streamElement(row));
      streams.get(id).classList.toggle("flash", flashing.has(id));
    }
    const campaigns = Object.values(part("campaigns")).map((campaign) =>
      campaignElement(campaign, rows.filter((row) => row.campaign_id === campaign.id).map((row) => streams.get(String(row.id)))));
    arrange(byId("streams"), campaigns);
  }

  const sections = new Map();

  function campaignElement(campaign, members) {
    const list = sections.get(campaign.id)?.querySelector("ol") ?? h("ol", {});
    arrange(list, members);
    const section = sections.get(campaign.id) ?? h("details", { open: campaign.id <= 3 }, h("summary", {}), list);
    section.querySelector("summary").textContent = `${campaign.id} ${campaign.name} · ${stateWord(campaign.state)}`;
    if (members.some((one) => one.classList.contains("flash"))) section.open = true;
    sections.set(campaign.id, section);
    return section;
  }

  function drawCalls() {
    const rows = Object.values(part("calls")).sort((a, b) => b.number - a.number);
    for (const row of rows) if (!calls.has(String(row.number))) calls.set(String(row.number), callElement(row));
    const elements = rows.map((row) => calls.get(String(row.number)));
    arrange(byId("calls"), elements.length ? elements : [h("li", { class: "dim" }, t("noCalls"))]);
  }

  // What one needs to link a chat, for as long as somebody may.
  function drawKey() {
    const { address, key } = part("about");
    byId("key").replaceChildren(t("linked"), " ", button(`/link ${address} ${key}`, () => copy(`/link ${address} ${key}`, t("copied")), { class: "link" }));
  }

  function redraw() {
    drawKey();
    streams.clear();
    calls.clear();
    drawStreams();
    drawCalls();
  }

  return { redraw };
}

const stateWord = (state) => t(`states.${state}`);

function streamElement(row) {
  const parts = [row.type, row.schema, row.schema === "redirect" || row.schema === "action" ? `${row.action_type} ${row.action_payload ?? ""}` : ""];
  return h("li", { class: "stream", "data-stream": row.id },
    h("div", {}, h("b", {}, `${row.id} ${row.name}`), " ", h("span", { class: `state ${row.state}` }, stateWord(row.state))),
    h("div", { class: "dim" }, parts.filter(Boolean).join(" · "), ` · ${row.position} / ${row.weight}`),
    shares(row.landings),
    shares(row.offers),
    row.filters.length ? h("div", { class: "dim" }, `${t("filters")}: `, row.filters.map((one) => `${one.name} ${one.mode === "reject" ? "≠" : "="} ${brief(one.payload)}`).join("; ")) : null);
}

function shares(items) {
  return items.length ? h("div", {}, items.map((one) => `${one.name} ${one.share} %`).join(" · ")) : null;
}

const brief = (value) => (Array.isArray(value) ? value.join(", ") : JSON.stringify(value));

function callElement(row) {
  const query = new URLSearchParams(row.query).toString();
  const time = new Date(row.at * 1000).toLocaleTimeString(currentLanguage());
  const head = [
    h("span", { class: "method" }, row.method), " ", h("span", { class: "path" }, `/${row.path}${query ? `?${query}` : ""}`), " ",
    h("span", { class: row.status && row.status < 400 ? "good" : "bad" }, row.status ?? t("noAnswer")),
    h("span", { class: "dim" }, ` ${row.took_ms === null ? "" : t("took", Math.max(1, Math.round(row.took_ms)))} ${time}`),
    row.changes ? h("span", { class: "change" }, t("changes")) : null,
  ];
  if (!row.body) return h("li", { class: "call" }, head);
  return h("li", { class: "call" }, h("details", {}, h("summary", {}, head), h("pre", { tabindex: "0" }, pretty(row.body))));
}

function pretty(body) {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
