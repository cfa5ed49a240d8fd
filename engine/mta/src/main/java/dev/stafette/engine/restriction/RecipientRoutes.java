// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.feedback.ReturnAddresses;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.queue.Route;
import dev.stafette.engine.rewrite.AddressClass;
import dev.stafette.engine.rewrite.AddressClasses;
import dev.stafette.engine.rewrite.AddressRewriter;
import dev.stafette.engine.route.Routes;
import dev.stafette.engine.table.Inquiry;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what the lists want to know of a recipient, once for all of them: what class it is of, and its route where that may
 * lead nowhere. What cannot be routed now cannot be judged now.
 * Thread: any (it does not change).
 */
public final class RecipientRoutes {
    private final AddressClasses classes;
    private final Routes routes;
    private final boolean allowsRouted;
    private final @Nullable ReturnAddresses returns;

    /**
     * @param allowsRouted allow_untrusted_routing
     * @param returns to which reports come; null: there are none
     */
    private RecipientRoutes(
            AddressClasses classes, Routes routes, boolean allowsRouted, @Nullable ReturnAddresses returns) {
        this.classes = classes;
        this.routes = routes;
        this.allowsRouted = allowsRouted;
        this.returns = returns;
    }

    /** {@code classes}: those of the resolver. {@code tables}: opens those that the settings name. */
    public static RecipientRoutes of(Settings settings, AddressClasses classes, ListTables tables) {
        return new RecipientRoutes(
                classes,
                Routes.of(settings.ofResolver(), classes, tables),
                settings.flag("allow_untrusted_routing"),
                ReturnAddresses.of(settings));
    }

    /** Where mail for it goes that comes from there; null: that cannot be told now. */
    public @Nullable Route route(MailAddress target, MailAddress sender, Inquiry inquiry) {
        return routes.resolve(target, sender, inquiry);
    }

    /** There are return addresses, to which reports come. */
    public boolean takesReports() {
        return returns != null;
    }

    /** It was one of our return addresses, or looks as if: nobody gets mail that comes to it. */
    public boolean isFalseReturn(MailAddress recipient, long nowMs) {
        return returns != null && returns.find(recipient, nowMs).isFalse();
    }

    /** {@code target}: what the recipient is after rewriting; null: it leads to no address. */
    public RecipientFacts facts(
            MailAddress recipient, @Nullable MailAddress target, @Nullable MailAddress sender, Inquiry inquiry) {
        if (returns != null
                && returns.find(recipient, System.currentTimeMillis()).isForReports()) {
            return new RecipientFacts(recipient, recipient, AddressClass.LOCAL, null, false, true);
        }
        if (target == null) {
            return new RecipientFacts(recipient, recipient, AddressClass.OTHER, null, false);
        }
        AddressClass of = classes.classOf(target, inquiry);
        // What is ours has been followed to its end; others will read it in their own way.
        boolean isRouted = !allowsRouted && of != AddressClass.LOCAL && AddressRewriter.isRouted(target);
        if (of == AddressClass.UNKNOWN || !routes.needsLook(of)) {
            return new RecipientFacts(recipient, target, of, null, isRouted);
        }
        Route route = routes.resolve(target, sender == null ? MailAddress.NULL : sender, inquiry);
        return new RecipientFacts(recipient, target, route == null ? AddressClass.UNKNOWN : of, route, isRouted);
    }
}
