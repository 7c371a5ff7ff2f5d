// Keys and prefetching. Every page can be read and every form sent without this file.
"use strict";

const isTyping = target => target.closest("input, textarea, select, [contenteditable]") !== null;

// Single keys can be switched off, for those who speak to their browser (WCAG 2.1.4).
const keys = document.getElementById("keys");
const keysSwitch = keys.querySelector("input");
keys.hidden = false;
keysSwitch.checked = localStorage.getItem("keys") !== "off";
keysSwitch.addEventListener("change", () => localStorage.setItem("keys", keysSwitch.checked ? "on" : "off"));

// An element that names a key in data-key is pressed, followed or focused by it.
document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey || !keysSwitch.checked)
    return;
  if (isTyping(event.target)) {
    if (event.key === "Escape")
      event.target.blur();
    return;
  }

  if (event.key.startsWith("Arrow") && event.target.closest("[tabindex]"))
    return; // it scrolls

  const element = [...document.querySelectorAll("[data-key]")].find(one => one.dataset.key.split(" ").includes(event.key));
  if (!element)
    return;
  event.preventDefault();
  if (element.matches("input, textarea, select"))
    element.focus();
  else
    element.click();
});

// A page that changes is asked for again while somebody looks at it, until it has come to its end.
const follow = document.getElementById("follow");
if (follow) {
  follow.hidden = false;
  const main = document.getElementById("main");
  const timer = setInterval(async () => {
    if (document.hidden || !follow.querySelector("input").checked || main.contains(document.activeElement))
      return;
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer?.ok)
      return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    main.replaceChildren(...page.getElementById("main").childNodes);
    if (!page.getElementById("follow")) {
      clearInterval(timer);
      follow.remove();
    }
  }, 2000);
}

// Voting: the next battle is asked for and parsed while this one is read, and shown before the vote is stored; a vote that could not be
// stored is said, and the battle comes back.
const booth = document.getElementById("booth");
if (booth) {
  let ahead = null;
  const fetchAhead = async () => {
    const answer = await fetch("/vote/ahead", { headers: { Accept: "text/html" } });
    if (!answer.ok)
      return null;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return [...page.body.childNodes].map(node => document.adoptNode(node));
  };
  const show = nodes => {
    booth.replaceChildren(...nodes);
    window.scrollTo(0, 0);
  };
  const say = text => {
    const notice = document.createElement("p");
    notice.className = "notice bad";
    notice.setAttribute("role", "alert");
    notice.textContent = text;
    booth.prepend(notice);
  };
  const prefetch = () => { ahead = fetchAhead().catch(() => null); };

  booth.addEventListener("submit", async event => {
    const form = event.target;
    if (!form.matches("form.choice"))
      return;
    event.preventDefault();
    if (booth.dataset.sending)
      return;
    booth.dataset.sending = "1";
    const body = new URLSearchParams(new FormData(form, event.submitter));
    const before = [...booth.childNodes];
    const next = await ahead;
    if (next)
      show(next);
    try {
      const answer = await fetch("/vote", { method: "POST", body, headers: { Accept: "application/json" } });
      if (!answer.ok)
        throw new Error((await answer.json().catch(() => ({}))).detail ?? `The server answered ${answer.status}.`);
      if (!next) {
        location.reload();
        return;
      }
      const number = booth.querySelector("h1 .number"); // a skip is no vote, which nobody knew when the battle was asked for
      if (number)
        number.textContent = ((await answer.json()).votes_of_voter + 1).toLocaleString("en");
    } catch (error) {
      show(before);
      say(`The vote was not stored. ${error.message}`);
    }
    delete booth.dataset.sending;
    prefetch();
  });
  prefetch();
}
