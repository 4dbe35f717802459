// Switches for what goes wrong, and the one that kills the bot.

import { button, byId, h } from "./dom.js";
import { act, part, when } from "./store.js";
import { t } from "./words.js";

const FAULTS = {
  tracker: ["401", "403", "422", "429", "500", "500 changes", "html", "silent", "slow", "cut", "gone"],
  telegram: ["429", "502"],
};

export function startTrouble() {
  const box = byId("trouble");
  let isConnected = true;

  function choice(whose, label) {
    const select = h("select", { id: `trouble-${whose}`, onchange: (event) => act("order", { whose, name: event.target.value }) },
      h("option", { value: "" }, t("well")),
      FAULTS[whose].map((name) => h("option", { value: name }, t(`faults.${whose}.${name}`))));
    select.value = part("trouble")[whose] ?? "";
    return h("div", { class: "choice" }, h("label", { for: select.id }, label), select);
  }

  function draw() {
    const kill = button(t("kill"), () => act("kill", {}), { id: "kill", class: "danger", disabled: part("bot").state !== "running" });
    box.replaceChildren(h("h2", {}, t("trouble")), choice("tracker", t("troubleTracker")), choice("telegram", t("troubleTelegram")), kill);
    box.classList.toggle("on", Boolean(part("trouble").tracker || part("trouble").telegram));
  }

  function drawBot() {
    const { state = "starting", deaths = 0 } = part("bot");
    const status = byId("bot");
    status.textContent = t(`bot.${isConnected ? state : "lost"}`, deaths);
    status.className = isConnected ? state : "lost";
    const kill = byId("kill");
    if (kill) kill.disabled = state !== "running";
  }

  when(["trouble"], draw);
  when(["bot"], drawBot);

  return {
    redraw: () => {
      draw();
      drawBot();
    },
    connected: (is) => {
      isConnected = is;
      drawBot();
    },
  };
}
