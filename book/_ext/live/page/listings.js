/* The listings of a page of the book: changed and run where they stand. */

import { CellView } from "./cell.js";
import { make } from "./elements.js";
import { LivePage } from "./live_page.js";

const HELP = "Shift+Enter runs it. Tab indents; press Escape, then Tab, to leave the editor. What you change "
  + "is kept in this browser until you start the cell over.";
const STILL = "This figure was drawn when the book was built: it does not follow what you change above it.";

let page;

/** Run a listing of a page, or show again what its reader has changed: `data-live` and so on. */
export async function begin({ dataset }, place = null) {
  page ??= new ListingsPage(dataset);
  if (place) await page.runAt(place);
}

class ListingsPage extends LivePage {
  constructor({ live, python, archive, page: name }) {
    super({ live, python, name, archives: [new URL(archive, location.href).href] });
    document.querySelectorAll(".live-listing").forEach((place, index) => {
      const view = new ListingView(place, index + 1, this);
      this.views.set(view.key, view);
    });
    this.wakeUp();
    for (const view of this.views.values()) if (view.text !== view.given) view.open();
  }

  async runAt(place) {
    const view = [...this.views.values()].find((each) => each.place === place);
    view.open();
    view.buttons[0].focus();
    await this.run(view);
  }

  async run(view) {
    await super.run(view);
    if (view.text !== view.given) this.noteFigures(view);
  }

  sayVersions(view, { python, numpy }) {
    view.state.textContent = `Python ${python}, NumPy ${numpy}`;
  }

  changed(view) {
    if (view.text === view.given) this.store.remove(`text ${view.key}`);
    else this.store.set(`text ${view.key}`, view.text);
    const isChanged = [...this.views.values()].some((each) => each.text !== each.given);
    if (isChanged) this.store.set("opened", "yes");
    else this.store.remove("opened");
    if (this.store.failing) view.say(`${this.store.failing}: what you change is lost when this page is closed.`);
  }

  changedElsewhere(name, text) {
    if (text !== null && name.startsWith("text ")) this.views.get(name.slice("text ".length))?.open();
    super.changedElsewhere(name, text);
  }

  /** The figures below a listing that was changed say that they are as they were. */
  noteFigures(view) {
    for (const output of document.querySelectorAll(".cell > .cell_output")) {
      const isBelow = view.place.compareDocumentPosition(output) & Node.DOCUMENT_POSITION_FOLLOWING;
      if (!isBelow || !output.querySelector("svg") || output.querySelector(".live-still")) continue;
      output.append(make("p", { class: "live-still" }, STILL));
    }
  }
}

class ListingView extends CellView {
  constructor(place, number, page) {
    const key = place.id.replace("listing-", ""), helpId = `live-${key}-help`;
    const given = place.querySelector(".cell_input pre").textContent.replace(/\n$/, "");
    const text = page.store.get(`text ${key}`) ?? given;
    super({ key, kind: "code", title: `Listing ${number}`, given, text, helpId }, page);
    this.place = place;
    this.built = place.querySelector(":scope > .cell_output");
    this.isFigure = Boolean(this.built?.querySelector("svg"));
    this.element.append(make("p", { id: helpId, class: "live-help" }, HELP));
  }

  /** Take the place of the listing. */
  open() {
    if (this.element.isConnected) return;
    const shown = this.place.querySelector(".cell_input");
    shown.hidden = true;
    shown.after(this.element);
    if (this.page.makeEditor) this.improve(this.page.makeEditor);
  }

  improve(makeEditor) {
    if (this.element.isConnected) super.improve(makeEditor);
  }

  /** Show what the build gave, or what the page gives instead; a figure stays. */
  showBuilt(is) {
    if (this.built && !this.isFigure) this.built.hidden = !is;
  }

  running(is) {
    super.running(is);
    if (is) this.showBuilt(false);
  }

  /** What stops a listing is seen, even where it ran for another one's sake. */
  print(stream, text) {
    if (stream === "error") this.open();
    super.print(stream, text);
  }

  reset() {
    super.reset();
    this.showBuilt(true);
  }
}
