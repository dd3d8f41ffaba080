// @ts-check
// What the first picture of a run does not need is fetched when it is opened, or while the page has
// nothing else to do once somebody has done something: so it opens without a wait.

/**
 * @template {{ dialog: HTMLDialogElement }} P
 */
export class Later {
  /** @param {() => Promise<P>} load fetches the part, and makes it */
  constructor(load) {
    this.load = load;
    /** @type {Promise<P> | null} */
    this.part = null;
    /** Whether somebody waits for it to open. */
    this.isAwaited = false;
    for (const act of ["keydown", "pointerdown"]) {
      const soon = globalThis.requestIdleCallback ?? setTimeout;
      addEventListener(act, () => soon(() => this.get().catch(() => {})), { once: true, capture: true });
    }
  }

  /** Returns the part, whose dialog is in the page from then on. */
  get() {
    this.part ??= this.made();
    return this.part;
  }

  async made() {
    try {
      const part = await this.load();
      document.body.append(part.dialog);
      return part;
    } catch (error) {
      // It may come when it is asked for again.
      this.part = null;
      throw error;
    }
  }

  /**
   * Opens the part, unless it is open, or somebody left while it was fetched.
   *
   * @param {(part: P) => unknown} show
   * @param {(error: unknown) => unknown} fail
   */
  async open(show, fail) {
    this.isAwaited = true;
    try {
      const part = await this.get();
      if (this.leave() && !part.dialog.open) await show(part);
    } catch (error) {
      this.leave();
      fail(error);
    }
  }

  /** Waits for it no longer. Returns false if nobody did. */
  leave() {
    const wasAwaited = this.isAwaited;
    this.isAwaited = false;
    return wasAwaited;
  }
}
