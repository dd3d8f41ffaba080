// The theatre: field, diagram, story and controls over one player. It plays any run, with a server or without.

import { h } from "./dom.js";
import { Diagram } from "./diagram.js";
import { Field } from "./field.js";
import { Inspector } from "./inspector.js";
import { Player } from "./player.js";
import { Story } from "./story.js";
import { Transport } from "./transport.js";
import { TELLING } from "./run.js";
import { sentence } from "./words.js";

export class Theatre {
  /** `actions` is what can be done besides playing: `fork` and `tryNext` need a server. */
  constructor(actions = {}, controls = []) {
    const player = new Player();
    const pick = (selected) => player.select(selected);
    this.player = player;
    this.actions = { ...actions, visit: (id) => this.visit(id) };
    this.field = new Field(pick);
    this.diagram = new Diagram(pick, (at) => player.seek(at));
    this.story = new Story(player, this.actions);
    this.inspector = new Inspector(player, this.actions);
    this.transport = new Transport(player, controls);
    this.live = h("p", { class: "live", role: "status", "aria-live": "polite" });
    this.stage = h("div", { class: "stage" }, this.field.element, this.diagram.element);
    player.watch((_, what) => this.show(what));
  }

  open(run, where) {
    this.player.open(run, where);
  }

  /** Goes to an event and selects it. What was told stays told, so that one piece of evidence comes after the other. */
  visit(id) {
    const { player } = this;
    player.halt();
    player.put(player.run.events[id].at, id + 1, player.told);
    player.select({ event: id });
  }

  show(what) {
    const { run, at, count, told, seen, selected, differs } = this.player;
    if (what === "run") {
      this.field.open(run);
      this.diagram.open(run);
    }
    if (what === "place") this.diagram.isFollowing = true;
    this.field.show(at, count, selected);
    this.diagram.show({ at, count, told, seen, selected, differs });
    if (!this.player.playing && !this.player.glide) this.say();
  }

  /** Says in words where the run stands, for those who do not see it. */
  say() {
    const { run, count } = this.player;
    const telling = this.story.telling();
    let words = telling.words[0];
    for (let i = count - 1; i >= Math.max(0, count - 40); i--) {
      if (!TELLING.has(run.events[i].what)) continue;
      words += ` ${sentence(run, run.events[i])}`;
      break;
    }
    if (words !== this.live.textContent) this.live.textContent = words;
  }
}
