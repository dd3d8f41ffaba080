// Two runs side by side, in step: the same moment of true time in both, and where they differ for the first time.

import { h } from "./dom.js";
import { Diagram } from "./diagram.js";
import { Field } from "./field.js";
import { Player } from "./player.js";
import { verdictWords } from "./verdicts.js";

export class Compare {
  /** The run of `theatre` stands at the right; another one is put beside it. */
  constructor(theatre) {
    this.theatre = theatre;
    this.player = new Player();
    const pick = (selected) => this.player.select(selected);
    this.field = new Field(pick);
    this.diagram = new Diagram(pick, (at) => theatre.player.seek(at));
    this.inner = h("div", { class: "stage" }, this.field.element, this.diagram.element);
    this.titles = [h("h2"), h("h2")];
    this.verdicts = [h("p"), h("p")];
    this.heads = [0, 1].map((i) => h("header", { class: "side" }, this.titles[i], this.verdicts[i]));
    this.player.watch(() => this.draw());
    theatre.player.watch(() => this.follow());
  }

  get isOpen() {
    return this.inner.isConnected;
  }

  open(main, run, words) {
    this.titles[0].textContent = words[0];
    this.titles[1].textContent = words[1];
    const verdicts = (run) =>
      run.show.verdicts.map((verdict) => `${verdict.name} ${verdictWords(verdict)}`).join(" · ");
    this.results = [verdicts(run), verdicts(this.theatre.player.run)];
    this.left = h("div", { class: "half" }, this.heads[0], this.inner);
    this.right = h("div", { class: "half" }, this.heads[1], this.theatre.stage);
    main.classList.add("compared");
    main.replaceChildren(this.left, this.right);
    this.player.open(run, { differs: this.theatre.player.differs });
    this.field.open(run);
    this.diagram.open(run);
    this.follow();
  }

  close(main) {
    main.classList.remove("compared");
    main.replaceChildren(this.theatre.stage);
    this.inner.remove();
  }

  /** Goes where the other run stands. */
  follow() {
    if (!this.isOpen || !this.player.run) return;
    const { at, count, run, seen } = this.theatre.player;
    const both = [this.player.run, run];
    const start = at === 0 && count === 0;
    this.player.seen = Math.max(this.player.seen, Math.min(seen, this.player.run.ends));
    // Up to where they part, both have had the same events; from there on, all that are due.
    const isAlike = run.differs === null || count <= run.differs;
    this.player.seek(at >= run.ends ? this.player.run.ends : at, start ? 0 : isAlike && at < run.ends ? count : null);
    this.verdicts.forEach(
      (element, i) =>
        (element.textContent = this.theatre.player.atEnd ? this.results[i] : `seed ${both[i].report.seed}`),
    );
  }

  draw() {
    const { run, at, count, seen, selected, differs } = this.player;
    if (!run) return;
    this.field.show(at, count, selected);
    this.diagram.isFollowing = true;
    this.diagram.show({ at, count, told: count, seen, selected, differs });
  }
}
