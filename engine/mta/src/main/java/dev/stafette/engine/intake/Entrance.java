// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

/** By which way a message comes in; what is done to it there is told by each {@link IntakeStep}. Thread: any. */
public enum Entrance {
    /** From a client. */
    SMTP,
    /** From a program of this machine, or by us in its name. */
    SUBMISSION,
    /** Out of the queue, once more. */
    REQUEUE,
    /** Out of the queue, to others than it was for. */
    FORWARD,
    /** Written by us, whole and with a header of its own. */
    REPORT,
    /** Ours, and nobody gets it. */
    PROBE
}
