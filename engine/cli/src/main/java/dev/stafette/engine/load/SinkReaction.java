// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.load;

/**
 * How {@code smtp-sink} takes a command.
 * Thread: any (a value).
 *
 * @param manner in which it answers
 * @param delaySeconds before it does; 0: at once
 * @param odds that the delay is doubled, tripled and so on, in percent
 * @param isLogged in syslog
 */
public record SinkReaction(Manner manner, int delaySeconds, int odds, boolean isLogged) {
    /** What is done. */
    public enum Manner {
        PLAIN,
        /** A 4xx reply. */
        SOFT,
        /** A 5xx reply. */
        HARD,
        /** No reply, and the connection ends. */
        DISCONNECT,
        /** A 421 reply, and the connection ends. */
        CLOSING
    }

    public static final SinkReaction PLAIN = new SinkReaction(Manner.PLAIN, 0, 0, false);

    public SinkReaction with(Manner changed) {
        return new SinkReaction(changed, delaySeconds, odds, isLogged);
    }

    public SinkReaction withDelay(int seconds, int changedOdds) {
        return new SinkReaction(manner, seconds, changedOdds, isLogged);
    }

    public SinkReaction logged() {
        return new SinkReaction(manner, delaySeconds, odds, true);
    }
}
