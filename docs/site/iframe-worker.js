/* Search runs in a worker, which browsers refuse to pages that were opened from a folder: there its script
   runs in a hidden frame instead. The theme looks for the name IFrameWorker. */
window.IFrameWorker = class extends EventTarget {
  constructor(url) {
    super();
    this.waiting = [];
    this.frame = document.createElement("iframe");
    this.frame.hidden = true;
    document.body.appendChild(this.frame);
    const inside = this.frame.contentWindow;
    const load = (source) => new Promise((done, failed) => {
      const script = this.frame.contentDocument.createElement("script");
      script.src = new URL(source, location.href).href;
      script.onload = done;
      script.onerror = failed;
      this.frame.contentDocument.body.appendChild(script);
    });
    inside.postMessage = (data) => this.dispatchEvent(new MessageEvent("message", { data }));
    inside.importScripts = async (...sources) => {
      for (const source of sources) await load(source);
    };
    load(url).then(() => {
      const held = this.waiting;
      this.waiting = null;
      for (const data of held) this.postMessage(data);
    });
  }

  postMessage(data) {
    if (this.waiting) this.waiting.push(data);
    else this.frame.contentWindow.dispatchEvent(new MessageEvent("message", { data }));
  }

  terminate() {
    this.frame.remove();
  }
};
if (location.protocol === "file:") window.Worker = window.IFrameWorker;
