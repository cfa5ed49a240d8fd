// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.screen;

import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.table.Finding;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is found out about a client as it arrives: whether there is room for it, what the lists say of it, and which tests it has
 * to pass.
 * Thread: event loop.
 */
final class ScreenArrival {
    private final ScreenLoop loop;
    private final ScreenedConnection connection;
    private final Listener listener;

    // Owned by the loop.
    private boolean isNew;

    /** What it comes to: one of these, once. */
    interface Listener {
        /** The client is gone: nobody cares any more. */
        boolean isOver();

        void onPermit();

        void onRefusal(SmtpReply last);

        /** The tests that are due are with the connection. */
        void onTestsDue();

        /** A table is broken in a way that it should not be. */
        void onMistake(RuntimeException mistake);
    }

    ScreenArrival(ScreenedConnection connection, Listener listener) {
        this.loop = connection.loop();
        this.connection = connection;
        this.listener = listener;
    }

    /** It has not been here before, as far as is known. */
    boolean isOfNewClient() {
        return isNew;
    }

    void judge() {
        ScreenLog log = loop.log();
        ScreenSettings.Limits limits = loop.settings().limits();
        log.connected(connection.client(), connection.server());
        loop.load().enter(limits, log);
        int connections = loop.clients().enter(connection.address());
        if (limits.perClient() > 0 && connections > limits.perClient()) {
            log.tooManyConnections(connection.client());
            listener.onRefusal(ScreenReplies.TOO_MANY_CONNECTIONS);
        } else if (loop.waitingCount() >= limits.waiting()) {
            log.serversBusy(connection.client());
            listener.onRefusal(ScreenReplies.SERVERS_BUSY);
        } else {
            ScreenAccess access = loop.settings().access();
            loop.inquirer()
                    .ask(inquiry -> access.judge(connection.address(), inquiry), this::onRuling, listener::onMistake);
        }
    }

    private void onRuling(ScreenAccess.Ruling ruling) {
        if (listener.isOver()) {
            return;
        }
        if (ruling.complaint() != null) {
            loop.log().warning(ruling.complaint());
        }
        switch (ruling.access()) {
            case PERMIT -> {
                loop.log().allowed(connection.client());
                listener.onPermit();
            }
            case REJECT -> {
                loop.log().denied(connection.client());
                deny();
            }
            case DUNNO -> findDue();
        }
    }

    private void deny() {
        switch (loop.settings().denyAction()) {
            case DROP -> {
                connection.noteUnwelcome();
                listener.onRefusal(ScreenReplies.UNWELCOME_DROP);
            }
            case ENFORCE -> {
                connection.noteUnwelcome();
                connection.refuse(ScreenReplies.UNWELCOME);
                findDue();
            }
            case IGNORE -> findDue();
        }
    }

    /** Which tests the client has to pass. */
    private void findDue() {
        int wanted = loop.settings().tests().wanted();
        ScreenCache cache = loop.cache();
        // Who has other connections here has what those have passed so far.
        boolean isAlone = loop.clients().find(connection.address()).connectionCount() == 1;
        TestTimes known = isAlone && !connection.hasFailed() && cache != null ? cache.find(connection.address()) : null;
        if (isAlone) {
            TestTimes times = known == null ? TestTimes.NEW : known;
            loop.clients().update(connection.address(), before -> times);
        }
        TestTimes times = connection.times();
        isNew = times.isNew();
        connection.tests().begin(times.due(wanted, loop.epochSeconds()));
        if (known != null && connection.tests().due() == 0) {
            loop.log().passed(connection.client(), false);
            listener.onPermit();
            return;
        }
        loop.inquirer()
                .ask(
                        inquiry -> new Standing(
                                loop.settings()
                                        .interfaces()
                                        .find(connection.server().getAddress(), null, inquiry),
                                loop.settings().hiddenKeywords().find(connection.address(), inquiry)),
                        this::onStanding,
                        listener::onMistake);
    }

    private void onStanding(Standing standing) {
        if (listener.isOver()) {
            return;
        }
        Set<String> hidden = standing.hiddenKeywords();
        if (hidden == null) {
            loop.log()
                    .warning("postscreen_discard_ehlo_keyword_address_maps lookup error for "
                            + connection.address().getHostAddress());
            listener.onRefusal(ScreenReplies.NO_RESOURCES);
            return;
        }
        connection.setHiddenKeywords(hidden);
        if (standing.entrance() != Finding.FOUND) {
            connection.noteUnwelcome();
            connection.refuse();
            loop.log().vetoed(connection.client());
        }
        if (loop.load().count() - loop.waitingCount()
                >= loop.settings().limits().screened()) {
            loop.log().screensBusy(connection.client());
            listener.onRefusal(ScreenReplies.SCREENS_BUSY);
        } else {
            listener.onTestsDue();
        }
    }

    /**
     * What the lists say of the client and where it came to.
     *
     * @param hiddenKeywords null: a table is out of order
     */
    private record Standing(Finding entrance, @Nullable Set<String> hiddenKeywords) {}
}
