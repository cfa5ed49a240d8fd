// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.rewrite;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.queue.Route;
import dev.stafette.engine.table.Inquiry;
import org.jspecify.annotations.Nullable;

/**
 * Transport and next hop by the class of the recipient's domain. A next hop that the transport names wins over
 * {@code relayhost}, and that over the domain.
 * Thread: any (it does not change).
 */
public final class ClassRoutes {
    private final AddressClasses classes;
    private final ServiceTarget local;
    private final ServiceTarget relay;
    private final ServiceTarget other;
    private final String relayHost;

    /** @param relayHost several are separated by commas, and tried in this order; empty: mail goes to its domain */
    public ClassRoutes(AddressClasses classes, String local, String relay, String other, String relayHost) {
        this.classes = classes;
        this.local = ServiceTarget.parse(local);
        this.relay = ServiceTarget.parse(relay);
        this.other = ServiceTarget.parse(other);
        this.relayHost = relayHost;
    }

    public static ClassRoutes of(Settings settings, AddressClasses classes) {
        return new ClassRoutes(
                classes,
                settings.text("local_transport"),
                settings.text("relay_transport"),
                settings.text("default_transport"),
                String.join(",", settings.words("relayhost")));
    }

    /** Null when that cannot be told now. */
    public @Nullable Route resolve(MailAddress recipient, Inquiry inquiry) {
        AddressClass addressClass = classes.classOf(recipient, inquiry);
        return addressClass == AddressClass.UNKNOWN ? null : route(addressClass, recipient);
    }

    /** As {@link #resolve}, as far as that can be told without tables. */
    public Route guess(MailAddress recipient) {
        return route(classes.writtenClassOf(recipient), recipient);
    }

    private Route route(AddressClass addressClass, MailAddress recipient) {
        return switch (addressClass) {
            case LOCAL -> local.route(recipient.domainKey());
            case RELAY -> relay.route(remote(recipient));
            case OTHER, UNKNOWN -> other.route(remote(recipient));
        };
    }

    private String remote(MailAddress recipient) {
        return relayHost.isEmpty() ? recipient.domainKey() : relayHost;
    }
}
