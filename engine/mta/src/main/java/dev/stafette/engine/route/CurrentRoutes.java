// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.route;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.engine.queue.Route;
import dev.stafette.engine.queue.RouteResolver;
import dev.stafette.engine.rewrite.AddressRewriter;
import dev.stafette.engine.table.Inquiry;
import org.jspecify.annotations.Nullable;

/** The routes as they are configured now. Thread: any, but for {@link #reload}: admin. */
public final class CurrentRoutes implements RouteResolver {
    private final RouteResolver ofProbes = new OfProbes();

    /** Written at start-up and by the admin thread, read by the queue agent and by workers. */
    private volatile Versioned current;

    private record Versioned(Routes routes, Routes ofProbes, AddressRewriter rewriter, int version) {}

    public CurrentRoutes(Routes routes, Routes ofProbes, AddressRewriter rewriter) {
        this.current = new Versioned(routes, ofProbes, rewriter, 0);
    }

    public void reload(Routes routes, Routes ofProbes, AddressRewriter rewriter) {
        current = new Versioned(routes, ofProbes, rewriter, current.version() + 1);
    }

    /** What completes addresses of mail that comes in again. */
    public AddressRewriter rewriter() {
        return current.rewriter();
    }

    @Override
    public @Nullable Route resolve(MailAddress recipient, MailAddress sender, Inquiry inquiry) {
        return current.routes().resolveQueued(recipient, sender, inquiry);
    }

    @Override
    public Route throughFilter(String contentFilter, MailAddress recipient) {
        return current.routes().throughFilter(contentFilter, recipient);
    }

    @Override
    public boolean waits(String transport) {
        return current.routes().waits(transport);
    }

    @Override
    public Route guess(MailAddress recipient, MailAddress sender) {
        return current.routes().guess(recipient);
    }

    @Override
    public RouteResolver ofProbes() {
        return ofProbes;
    }

    @Override
    public int version() {
        return current.version();
    }

    private final class OfProbes implements RouteResolver {
        @Override
        public @Nullable Route resolve(MailAddress recipient, MailAddress sender, Inquiry inquiry) {
            return current.ofProbes().resolveQueued(recipient, sender, inquiry);
        }

        /** They see none: there is nothing to look into. */
        @Override
        public Route throughFilter(String contentFilter, MailAddress recipient) {
            return CurrentRoutes.this.throughFilter(contentFilter, recipient);
        }

        @Override
        public boolean waits(String transport) {
            return CurrentRoutes.this.waits(transport);
        }

        @Override
        public Route guess(MailAddress recipient, MailAddress sender) {
            return current.ofProbes().guess(recipient);
        }

        @Override
        public int version() {
            return current.version();
        }
    }
}
