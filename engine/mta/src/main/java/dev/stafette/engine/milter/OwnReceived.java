// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.milter;

import dev.stafette.codec.message.HeaderFields;
import dev.stafette.codec.message.HeaderName;
import dev.stafette.engine.intake.MessageDraft;

/**
 * Where our own Received field is in a header, which milters do not see, while other fields come and go around it.
 * Thread: event loop.
 */
final class OwnReceived {
    private static final int NOWHERE = -1;

    // Owned by the loop.
    private int index;

    OwnReceived(MessageDraft message) {
        HeaderFields header = message.header();
        // Below what access tables have put on top.
        int at = message.arrival().received() == null ? NOWHERE : header.topCount() - 1;
        while (at >= 0 && !header.is(at, HeaderName.RECEIVED)) {
            at--;
        }
        index = at;
    }

    /** -1: there is none. */
    int index() {
        return index;
    }

    void onInserted(int at) {
        if (index >= at) {
            index++;
        }
    }

    void onRemoved(int at) {
        if (index > at) {
            index--;
        }
    }
}
