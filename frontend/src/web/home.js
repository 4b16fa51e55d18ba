// Home comes up to date by itself: an event on one of its topics fetches it anew, at most once a second.
import htmx from "htmx.org";
import { subscribe } from "./live.js";

const home = () => document.getElementById("home");
const topics = home().dataset.topics.split(",").filter(Boolean);
let due = 0;

function refresh() {
  due ||= setTimeout(async () => {
    due = 0;
    await htmx.ajax("GET", location.pathname, { target: "#home", select: "#home", swap: "outerHTML" });
  }, 1000);
}

if (topics.length) subscribe(topics, refresh, { onSync: ({ reset }) => reset && refresh() });
