// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.delivery;

import dev.stafette.delivery.auth.ClientLogins;
import dev.stafette.delivery.auth.CredentialAnswer;
import dev.stafette.delivery.auth.CredentialQuery;
import dev.stafette.delivery.auth.CredentialSource;
import dev.stafette.engine.auth.AuthMechanism;
import dev.stafette.engine.auth.SecurityOptions;
import dev.stafette.engine.auth.SecurityProperty;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.match.NameList;
import dev.stafette.engine.rewrite.AddressClasses;
import dev.stafette.engine.rewrite.AddressKeys;
import dev.stafette.engine.table.Inquirer;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import io.netty.channel.EventLoop;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Names and passwords by tables: of the sender, where that counts, then of the host, then of the next hop, as in Postfix.
 * Thread: event loop of whoever asks.
 *
 * @param maps {@code smtp_sasl_password_maps}
 * @param delimiter {@code smtp_sasl_password_result_delimiter}
 * @param senderKeys null: senders do not count ({@code smtp_sender_dependent_authentication = no})
 * @param filter {@code smtp_sasl_mechanism_filter}; empty: every mechanism
 * @param inClear {@code smtp_sasl_security_options}
 * @param secure {@code smtp_sasl_tls_security_options}
 * @param verified {@code smtp_sasl_tls_verified_security_options}
 */
record PasswordMaps(
        List<Table> maps,
        String delimiter,
        @Nullable AddressKeys senderKeys,
        NameList filter,
        SecurityOptions inClear,
        SecurityOptions secure,
        SecurityOptions verified)
        implements CredentialSource {
    private static final Map<String, Set<SecurityProperty>> PROPERTIES = Map.of(
            "SCRAM-SHA-256", EnumSet.of(SecurityProperty.MUTUAL_AUTH),
            "CRAM-MD5", EnumSet.of(SecurityProperty.DICTIONARY, SecurityProperty.ACTIVE),
            "PLAIN", EnumSet.of(SecurityProperty.PLAINTEXT),
            "LOGIN", EnumSet.of(SecurityProperty.PLAINTEXT));

    /** Null where nobody logs in: {@code smtp_sasl_auth_enable = no}, or no passwords. */
    static @Nullable ClientLogins of(Settings settings, ListTables tables, Executor workers) {
        List<Table> maps = settings.tables("smtp_sasl_password_maps", tables);
        if (!settings.flag("smtp_sasl_auth_enable") || maps.isEmpty()) {
            return null;
        }
        return new ClientLogins(
                new PasswordMaps(
                        maps,
                        settings.text("smtp_sasl_password_result_delimiter"),
                        settings.flag("smtp_sender_dependent_authentication")
                                ? AddressKeys.of(settings, AddressClasses.of(settings, tables))
                                : null,
                        NameList.read(settings.words("smtp_sasl_mechanism_filter"), settings.host()::read, tables),
                        options(settings, "smtp_sasl_security_options"),
                        options(settings, "smtp_sasl_tls_security_options"),
                        options(settings, "smtp_sasl_tls_verified_security_options")),
                settings.flag("smtp_sasl_auth_soft_bounce"),
                settings.flag("send_cyrus_sasl_authzid"),
                workers);
    }

    private static SecurityOptions options(Settings settings, String parameter) {
        SecurityOptions read = SecurityOptions.read(settings.words(parameter));
        if (read == null) {
            throw settings.bad(parameter, SecurityOptions.EXPECTED);
        }
        return read;
    }

    @Override
    public void find(CredentialQuery query, EventLoop loop, Consumer<CredentialAnswer> listener) {
        new Inquirer(loop, System::nanoTime)
                .ask(
                        inquiry -> judge(query, inquiry),
                        listener,
                        mistake -> listener.accept(new CredentialAnswer.Unavailable()));
    }

    private CredentialAnswer judge(CredentialQuery query, Inquiry inquiry) {
        AddressKeys keys = senderKeys;
        TableAnswer found = keys == null || query.sender().isNull()
                ? TableAnswer.notFound()
                : keys.find(maps, query.sender(), inquiry).answer();
        for (String key : List.of(query.host(), query.nextHop())) {
            if (!found.isFound() && !found.isUnavailable()) {
                found = AddressKeys.findKey(maps, key, inquiry);
            }
        }
        if (found.isUnavailable()) {
            return new CredentialAnswer.Unavailable();
        }
        return found.isFound() ? login(found.value(), query, inquiry) : new CredentialAnswer.Nobody();
    }

    private CredentialAnswer login(String value, CredentialQuery query, Inquiry inquiry) {
        int end = delimiter.isEmpty() ? -1 : value.indexOf(delimiter);
        SecurityOptions options = query.isVerified() ? verified : query.isSecure() ? secure : inClear;
        List<String> usable = query.offered().stream()
                .filter(name -> filter.isEmpty() || filter.find(name, inquiry).isFound())
                .filter(name -> options.admits(new AuthMechanism(name, PROPERTIES.getOrDefault(name, Set.of()))))
                .toList();
        return new CredentialAnswer.Login(
                end < 0 ? value : value.substring(0, end),
                end < 0 ? "" : value.substring(end + delimiter.length()),
                usable);
    }
}
