// What the server tells, kept in parts, and who wants to know when one has changed.

const parts = new Map();
const listeners = [];

export function part(name) {
  return parts.get(name) ?? {};
}

export function partNames(prefix) {
  return [...parts.keys()].filter((name) => name.startsWith(prefix));
}

// Calls back with the names of the parts that have changed and start with one of the prefixes;
// of each, the members that were changed.
export function when(prefixes, listener) {
  listeners.push({ prefixes, listener });
}

export function take(news) {
  for (const [name, members] of Object.entries(news)) {
    const known = parts.get(name) ?? {};
    for (const [key, value] of Object.entries(members)) {
      if (value === null && !(name.startsWith("chat ") || name === "bot")) delete known[key];
      else known[key] = value;
    }
    parts.set(name, known);
  }
  const names = Object.keys(news);
  for (const { prefixes, listener } of listeners) {
    const mine = names.filter((name) => prefixes.some((prefix) => name.startsWith(prefix)));
    if (mine.length) listener(Object.fromEntries(mine.map((name) => [name, news[name]])));
  }
}

export function listen(onstate) {
  const source = new EventSource("events");
  source.onopen = () => {
    // The server begins anew with everything.
    parts.clear();
    onstate(true);
  };
  source.onerror = () => onstate(false);
  source.onmessage = (event) => take(JSON.parse(event.data));
}

export async function act(name, body) {
  return answerTo(await fetch(`do/${name}`, { method: "POST", body: JSON.stringify(body) }));
}

export async function attach(place, file) {
  const query = new URLSearchParams(Object.entries(place).filter(([, value]) => value !== null && value !== undefined));
  return answerTo(await fetch(`attach?${query}`, { method: "POST", body: file }));
}

async function answerTo(response) {
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}
