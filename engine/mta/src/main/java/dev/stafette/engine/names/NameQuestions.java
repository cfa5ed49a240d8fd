// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.names;

import dev.stafette.codec.address.InternationalDomain;
import dev.stafette.delivery.dns.Dns;
import dev.stafette.delivery.dns.FilteredDns;
import dev.stafette.delivery.dns.RecordFilter;
import dev.stafette.engine.config.syntax.IpText;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.SlowSource;
import dev.stafette.engine.table.TableAnswer;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts the questions of judgements to the DNS.
 * Thread: any.
 */
public final class NameQuestions implements SlowSource {
    /** Of the reasons that a DNS list gives; the rest is cut off, as Postfix does. */
    private static final int REASON_LENGTH_MAX = 500;

    private static final String SEPARATOR = " / ";

    private final Dns dns;
    private final HostsFile hosts;
    /** Null: there is no filter. */
    private final @Nullable NameQuestions system;

    private final SlowSource lists = new Lists();

    /**
     * @param dns for any thread
     * @param hosts what the system knows without the DNS
     */
    public NameQuestions(Dns dns, HostsFile hosts) {
        this(dns, hosts, null);
    }

    private NameQuestions(Dns dns, HostsFile hosts, @Nullable NameQuestions system) {
        this.dns = dns;
        this.hosts = hosts;
        this.system = system;
    }

    /** The same without what a filter ignores; null: all. */
    public NameQuestions filtered(@Nullable RecordFilter filter) {
        return filter == null ? this : new NameQuestions(new FilteredDns(dns, filter), hosts, ofSystem());
    }

    /** As the system resolves names, of which no filter knows. */
    public NameQuestions ofSystem() {
        return system == null ? this : system;
    }

    /**
     * {@code name}: in any form; one that cannot be in the DNS is not found, and neither is an address, nor what ends with a
     * dot, as Postfix has it.
     */
    public NameAnswer ask(RecordType type, String name, Inquiry inquiry) {
        if (IpText.parse(name) != null || name.endsWith(".")) {
            return NameAnswer.NOT_FOUND;
        }
        return NameAnswer.of(inquiry.ask(this, type + " " + key(name)));
    }

    /** Those that the system has for a host before it asks the DNS; empty: none. */
    public List<String> addressesInFile(String host) {
        return hosts.addressesOf(host);
    }

    /**
     * An entry of a DNS list (RFC 5782): its addresses, and behind them the reason that the list gives, which may be empty.
     */
    public NameAnswer askList(String name, Inquiry inquiry) {
        return NameAnswer.of(inquiry.ask(lists, key(name)));
    }

    private static String key(String name) {
        String ascii = InternationalDomain.toAscii(name);
        String bare = (ascii == null ? name : ascii).toLowerCase(Locale.ROOT);
        return bare.endsWith(".") ? bare.substring(0, bare.length() - 1) : bare;
    }

    @Override
    public void start(String key, Consumer<TableAnswer> listener) {
        int space = key.indexOf(' ');
        RecordType.valueOf(key.substring(0, space)).ask(dns, key.substring(space + 1), listener);
    }

    /** Addresses, and the reason only of what is listed: most clients are not. */
    private final class Lists implements SlowSource {
        @Override
        public void start(String key, Consumer<TableAnswer> listener) {
            RecordType.A.ask(dns, key, addresses -> {
                if (addresses.isFound()) {
                    RecordType.TXT.ask(
                            dns,
                            key,
                            texts -> listener.accept(TableAnswer.found(addresses.value() + "\n" + reason(texts))));
                } else {
                    listener.accept(addresses);
                }
            });
        }

        private String reason(TableAnswer texts) {
            if (!texts.isFound()) {
                return "";
            }
            String joined = texts.value().replace("\n", SEPARATOR);
            return joined.substring(0, Math.min(joined.length(), REASON_LENGTH_MAX));
        }
    }
}
