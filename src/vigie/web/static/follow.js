// What runs is followed without loading the page anew.
"use strict";

const PAUSE = 1000; // milliseconds

async function follow() {
  const live = document.getElementById("live");
  if (!live || live.dataset.busy !== "yes") return;
  try {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("live");
    const focused = live.contains(document.activeElement);
    if (fresh && fresh.innerHTML !== live.innerHTML && !(focused && fresh.dataset.busy === "yes")) live.replaceWith(fresh);
  } catch (error) {
    // the server is away for a moment
  }
  setTimeout(follow, PAUSE);
}
setTimeout(follow, PAUSE);
