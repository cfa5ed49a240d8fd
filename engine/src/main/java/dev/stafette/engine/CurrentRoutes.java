// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.queue.Route;
import dev.stafette.engine.queue.RouteResolver;
import dev.stafette.engine.rewrite.AddressClasses;
import dev.stafette.engine.rewrite.AddressRewriter;
import dev.stafette.engine.rewrite.ClassRoutes;

/** The routes as they are configured now. Thread: queue agent; {@link #reload} is the admin thread's. */
final class CurrentRoutes implements RouteResolver {
    /** Written at start-up and by the admin thread, read by the queue agent. */
    private volatile ClassRoutes routes;

    /** As {@link #routes}; read by workers. */
    private volatile AddressRewriter rewriter;

    CurrentRoutes(Settings settings) {
        this.routes = routesOf(settings);
        this.rewriter = rewriterOf(settings);
    }

    private static ClassRoutes routesOf(Settings settings) {
        return ClassRoutes.of(settings, AddressClasses.of(settings));
    }

    private static AddressRewriter rewriterOf(Settings settings) {
        return AddressRewriter.of(settings, AddressClasses.of(settings));
    }

    /** What completes addresses of mail that comes in again. Thread: any. */
    AddressRewriter rewriter() {
        return rewriter;
    }

    void reload(Settings settings) {
        rewriter = rewriterOf(settings);
        routes = routesOf(settings);
    }

    @Override
    public Route resolve(MailAddress recipient, MailAddress sender) {
        return routes.resolve(recipient, sender);
    }
}
