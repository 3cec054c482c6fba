// The page's own script: says how the event stream is, asks before something is removed, and runs the chat box.
"use strict";

(() => {
  const TURNS_MAX = 40;
  const TOAST_MS = 8000;
  const byId = (id) => document.getElementById(id);

  // ---- What changes by itself -------------------------------------------------------------------------------------

  const told = new Map();

  function show(element, isShown) {
    element.hidden = !isShown;
  }

  function link(state, text) {
    byId("link").dataset.state = state;
    byId("link-text").textContent = text;
  }

  let toastTimer = 0;

  function toast(sentence) {
    byId("toast").textContent = sentence;
    show(byId("toast"), true);
    clearTimeout(toastTimer);
    toastTimer = setTimeout(() => show(byId("toast"), false), TOAST_MS);
  }

  function localTimes() {
    for (const time of document.querySelectorAll("#status time")) {
      const since = new Date(time.dateTime);
      time.textContent = since.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });
      time.title = since.toLocaleString();
    }
  }

  /** Reads aloud what changed, and not the whole list each time. */
  function announce(deployments) {
    const news = [];
    for (const { name, state } of deployments) {
      if (told.has(name) && told.get(name) !== state) {
        news.push(`${name}: ${state}.`);
      }
      told.set(name, state);
    }
    for (const name of [...told.keys()].filter((known) => !deployments.some((it) => it.name === known))) {
      told.delete(name);
      news.push(`${name} is gone.`);
    }
    if (news.length > 0) {
      byId("announcer").textContent = news.join(" ");
    }
  }

  function statusChanged() {
    const deployments = [...document.querySelectorAll("#status .deployment")].map((card) => card.dataset);
    localTimes();
    announce(deployments);
    offerChat(deployments.filter((it) => it.task === "chat" && it.serving === "true").map((it) => it.name));
  }

  document.body.addEventListener("htmx:sseOpen", () => link("open", "Live"));
  document.body.addEventListener("htmx:sseError", () => link("lost", "Reconnecting"));
  document.body.addEventListener("htmx:sseMessage", statusChanged);

  // ---- Requests that fail -----------------------------------------------------------------------------------------

  function sentenceOf(text, otherwise) {
    try {
      const problem = JSON.parse(text);
      return problem.detail || problem.error?.message || otherwise;
    } catch {
      return otherwise;
    }
  }

  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (xhr.status < 400) {
      return;
    }
    if ((xhr.getResponseHeader("Content-Type") || "").startsWith("text/html") && xhr.responseText.startsWith("<p")) {
      if (event.detail.target.id === "status") {
        toast(new DOMParser().parseFromString(xhr.responseText, "text/html").body.textContent);
      } else {
        event.detail.shouldSwap = true;
      }
      event.detail.isError = false;
    } else {
      toast(sentenceOf(xhr.responseText, `The console answered with status ${xhr.status}. Try again in a moment.`));
    }
  });
  document.body.addEventListener("htmx:sendError", () => toast("The console does not answer. Does Leasehold still run?"));
  document.body.addEventListener("htmx:timeout", () => toast("The console took too long to answer."));

  // ---- Remove, copy -----------------------------------------------------------------------------------------------

  const dialog = byId("remove");

  document.addEventListener("click", async (event) => {
    const remove = event.target.closest("[data-remove]");
    if (remove) {
      byId("remove-name").textContent = remove.dataset.remove;
      dialog.returnValue = "keep";
      dialog.showModal();
    }
    const copy = event.target.closest(".copy");
    if (copy) {
      await copyText(copy.parentElement.querySelector("code").textContent);
      copy.textContent = "Copied";
      setTimeout(() => (copy.textContent = "Copy"), 2000);
    }
  });

  async function copyText(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      toast("The browser does not allow copying here. Select the text and copy it.");
    }
  }

  dialog.addEventListener("close", () => {
    const name = byId("remove-name").textContent;
    if (dialog.returnValue === "remove") {
      const url = `/console/deployments/${encodeURIComponent(name)}`;
      htmx.ajax("DELETE", url, { source: "#status", target: "#status", swap: "innerHTML" }).then(statusChanged);
      byId("deployments").focus();
    }
  });

  // ---- Chat -------------------------------------------------------------------------------------------------------

  const chat = { turns: [], request: null };
  const log = byId("chat-log");
  const text = byId("chat-text");
  const select = byId("chat-deployment");

  function offerChat(names) {
    const chosen = select.value;
    const shown = [...select.options].map((option) => option.value);
    if (names.join("\n") !== shown.join("\n")) {
      select.replaceChildren(...names.map((name) => new Option(name, name)));
      select.value = names.includes(chosen) ? chosen : (names[0] ?? "");
    }
    const serves = names.length > 0;
    show(byId("chat-with"), serves);
    text.disabled = !serves;
    byId("chat-empty").textContent = serves
      ? "Say something. The talk so far is sent along with each message."
      : "No chat model serves yet. Deploy one from the catalog; this box opens as soon as it answers.";
    byId("chat-hint").textContent =
      serves || chat.turns.length === 0
        ? "Enter sends, Shift+Enter makes a new line."
        : "No chat model serves at the moment.";
    buttons();
  }

  function buttons() {
    const isBusy = chat.request !== null;
    show(byId("chat-stop"), isBusy);
    show(byId("chat-send"), !isBusy);
    byId("chat-send").disabled = text.disabled || text.value.trim() === "";
    show(byId("chat-new"), chat.turns.length > 0 || isBusy);
    show(byId("chat-empty"), chat.turns.length === 0 && !isBusy);
  }

  function bubble(role, author, content) {
    const article = document.createElement("article");
    article.className = `turn ${role}`;
    const who = document.createElement("p");
    who.className = "who";
    who.textContent = author;
    const said = document.createElement("div");
    said.className = "text";
    said.append(document.createTextNode(content));
    article.append(who, said);
    log.append(article);
    log.scrollTop = log.scrollHeight;
    return article;
  }

  function append(article, piece) {
    const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
    article.querySelector(".text").firstChild.appendData(piece);
    if (isAtEnd) {
      log.scrollTop = log.scrollHeight;
    }
  }

  function chatError(sentence) {
    byId("chat-error").textContent = sentence;
    show(byId("chat-error"), sentence !== "");
  }

  /** The data of each event, as it comes. Comments, which only keep the connection, are passed over. */
  async function* events(body) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let buffer = "";
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      buffer += read.value;
      const whole = buffer.split("\n\n");
      buffer = whole.pop();
      for (const event of whole) {
        const lines = event.split("\n").filter((line) => line.startsWith("data:"));
        if (lines.length > 0) {
          yield lines.map((line) => line.slice("data:".length).trimStart()).join("\n");
        }
      }
    }
  }

  async function relay(article, answer, signal) {
    const response = await fetch("/console/chat", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ deployment: answer.deployment, messages: chat.turns.slice(-TURNS_MAX) }),
      signal,
    });
    if (!response.ok) {
      throw new Error(sentenceOf(await response.text(), `The console answered with status ${response.status}.`));
    }
    for await (const data of events(response.body)) {
      if (data === "[DONE]") {
        return;
      }
      const event = JSON.parse(data);
      if (event.error) {
        throw new Error(event.error.message || "The answer broke off.");
      }
      const piece = event.choices?.[0]?.delta?.content ?? "";
      if (piece !== "") {
        answer.firstMs ??= performance.now() - answer.beganMs;
        answer.content += piece;
        append(article, piece);
      }
      answer.finish = event.choices?.[0]?.finish_reason ?? answer.finish;
      answer.tokens = event.usage?.completion_tokens ?? answer.tokens;
    }
    throw new Error("The answer broke off before its end.");
  }

  function measured(article, answer, isStopped) {
    const parts = [];
    if (answer.tokens) {
      parts.push(`${answer.tokens} tokens`);
    }
    if (answer.firstMs !== undefined) {
      parts.push(`first after ${(answer.firstMs / 1000).toFixed(2)} s`);
    }
    if (isStopped) {
      parts.push("stopped");
    } else if (answer.finish === "length") {
      parts.push("ended at the length limit");
    }
    const note = document.createElement("p");
    note.className = "measured";
    note.textContent = parts.join(", ");
    article.append(note);
  }

  async function say(content) {
    chatError("");
    chat.turns.push({ role: "user", content });
    bubble("user", "You", content);
    const answer = { deployment: select.value, content: "", beganMs: performance.now() };
    const article = bubble("assistant", answer.deployment, "");
    article.classList.add("writing");
    log.setAttribute("aria-busy", "true");
    const request = new AbortController();
    chat.request = request;
    buttons();
    let failure = null;
    try {
      await relay(article, answer, request.signal);
    } catch (error) {
      failure = error;
    }
    if (chat.request === request) {
      chat.request = null;
      ended(article, answer, failure, request.signal.aborted);
    }
  }

  function ended(article, answer, failure, isStopped) {
    article.classList.remove("writing");
    log.removeAttribute("aria-busy");
    if (failure && !isStopped) {
      chatError(failure instanceof TypeError ? "The connection to the console broke." : failure.message);
    }
    if (answer.content !== "" || !failure) {
      chat.turns.push({ role: "assistant", content: answer.content });
      measured(article, answer, isStopped);
    } else {
      // Nothing was answered: give the message back instead of keeping half a turn.
      const { content } = chat.turns.pop();
      article.previousElementSibling.remove();
      article.remove();
      text.value = text.value || content;
    }
    buttons();
    log.scrollTop = log.scrollHeight;
  }

  function submit() {
    const content = text.value.trim();
    if (content === "" || chat.request !== null || text.disabled) {
      return;
    }
    text.value = "";
    say(content);
  }

  byId("chat-form").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  text.addEventListener("input", buttons);
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      submit();
    }
  });
  byId("chat-stop").addEventListener("click", () => {
    chat.request?.abort();
    text.focus();
  });
  byId("chat-new").addEventListener("click", () => {
    const request = chat.request;
    chat.request = null;
    request?.abort();
    chat.turns = [];
    log.querySelectorAll(".turn").forEach((turn) => turn.remove());
    log.removeAttribute("aria-busy");
    chatError("");
    buttons();
    text.focus();
  });

  statusChanged();
})();
