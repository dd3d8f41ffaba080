// @ts-check
// What keeps a request from being answered.

/** @import { ErrorTold } from "../wire.d.ts" */

/** What was refused, with the error as the command line prints it. */
export class Refused extends Error {
  /** @param {ErrorTold} error */
  constructor({ message, report, findings }) {
    super(message);
    this.report = report;
    this.findings = findings;
  }
}

/**
 * Returns an error as the page shows it: as the command line prints it, or its message.
 *
 * @param {unknown} error
 */
export function reportOf(error) {
  if (error instanceof Refused && error.report) return error.report;
  return error instanceof Error ? error.message : String(error);
}

/**
 * Whether the page itself ended the request.
 *
 * @param {unknown} error
 */
export function isAborted(error) {
  return error instanceof Error && error.name === "AbortError";
}

/** @param {string} message */
export const failed = (message) => new Refused({ message, report: "", findings: [] });
