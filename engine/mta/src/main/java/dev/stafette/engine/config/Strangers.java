// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import dev.stafette.engine.config.syntax.LocalHost;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Who besides root could put something else in the place of a file, by the directories that lead to it. Root creates, changes
 * and removes files where that is nobody; elsewhere a link that somebody swaps in would lead root's hand.
 * Thread: any (a value); the methods with a path read directories.
 *
 * <p>Only root has reason to ask: for everybody else there are no strangers, since what he may do, he may do anyway. That
 * there are none stays true, as nobody but root could change it. Where there is one, root's work is done as him; if that is
 * the wrong one, he can do no harm that he could not do by himself.
 *
 * @param userId the one stranger; {@link #ANYBODY} of a group or of all; {@link #SEVERAL}
 * @param groupId of what is his
 * @param userName for messages
 * @param reason for people; empty when there are no strangers
 */
public record Strangers(int userId, int groupId, String userName, String reason) {
    static final int ANYBODY = -1;
    static final int SEVERAL = -2;

    public static final Strangers NONE = new Strangers(ANYBODY, ANYBODY, "", "");

    /** Of the name itself: a link that has it is not followed. */
    public static Strangers onTheWayTo(Path file) {
        return onTheWay(file, false);
    }

    /** Of what the name leads to, over links. */
    public static Strangers onTheWayThrough(Path file) {
        return onTheWay(file, true);
    }

    private static Strangers onTheWay(Path file, boolean followsLast) {
        if (LocalHost.userId() != 0) {
            return NONE;
        }
        try {
            return new StrangerWalk().walk(file.toAbsolutePath(), followsLast);
        } catch (IOException e) {
            return new Strangers(SEVERAL, SEVERAL, "", file + " cannot be looked at: " + e);
        }
    }

    public boolean exist() {
        return !reason.isEmpty();
    }

    /** Whether it is one, as whom the work could be done. */
    public boolean isOne() {
        return exist() && userId > 0;
    }

    /** Of both ways. Whoever has a directory of his own on one is whom it is about, and not the many of the other. */
    public Strangers and(Strangers other) {
        if (!other.exist() || userId == SEVERAL || userId == other.userId) {
            return exist() ? this : other;
        }
        if (!exist() || userId == ANYBODY || other.userId == SEVERAL) {
            return other;
        }
        return other.userId == ANYBODY ? this : new Strangers(SEVERAL, SEVERAL, "", reason + ", and " + other.reason);
    }
}
