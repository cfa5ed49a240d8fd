// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.tls;

import dev.stafette.delivery.tls.Authorities;
import dev.stafette.delivery.tls.CipherList;
import dev.stafette.delivery.tls.Fingerprint;
import dev.stafette.delivery.tls.KeyChain;
import dev.stafette.delivery.tls.TlsEngine;
import dev.stafette.delivery.tls.TlsException;
import dev.stafette.delivery.tls.TlsLogLevel;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.match.ListTables;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes the contexts of one configuration: rows that say the same of TLS share one.
 * Thread: start-up and reload.
 */
public final class ServerContexts {
    /** What a context depends on; {@code isRequired} chooses between the two sets of lists. */
    private static final List<String> NAMES = List.of(
            "smtpd_tls_cert_file",
            "smtpd_tls_key_file",
            "smtpd_tls_eccert_file",
            "smtpd_tls_eckey_file",
            "smtpd_tls_chain_files",
            "smtpd_tls_CAfile",
            "smtpd_tls_CApath",
            "smtpd_tls_ask_ccert",
            "smtpd_tls_req_ccert",
            "smtpd_tls_ccert_verifydepth",
            "smtpd_tls_fingerprint_digest",
            "smtpd_tls_protocols",
            "smtpd_tls_mandatory_protocols",
            "smtpd_tls_ciphers",
            "smtpd_tls_mandatory_ciphers",
            "smtpd_tls_exclude_ciphers",
            "smtpd_tls_mandatory_exclude_ciphers",
            "smtpd_tls_session_cache_timeout",
            "tls_high_cipherlist",
            "tls_medium_cipherlist",
            "tls_low_cipherlist",
            "tls_export_cipherlist",
            "tls_null_cipherlist",
            "tls_preempt_cipherlist",
            "tls_server_sni_maps");

    private final Supplier<TlsEngine> engine;
    private final TicketKeys tickets;
    private final ListTables tables;
    private final Executor workers;
    private final Consumer<String> warnings;
    private final Map<List<String>, @Nullable ServerContext> made = new HashMap<>();

    /**
     * @param engine asked where a row wants TLS: to find out which there is loads a library
     * @param workers read the keys of single names
     * @param warnings gets what is not as it was asked for
     */
    public ServerContexts(
            Supplier<TlsEngine> engine,
            TicketKeys tickets,
            ListTables tables,
            Executor workers,
            Consumer<String> warnings) {
        this.engine = engine;
        this.tickets = tickets;
        this.tables = tables;
        this.workers = workers;
        this.warnings = warnings;
    }

    /** Null without a certificate; a ConfigException says which file or list is no good. */
    @Nullable
    ServerContext of(Settings settings, boolean isRequired) {
        List<String> key = new ArrayList<>();
        key.add(Boolean.toString(isRequired));
        NAMES.forEach(name -> key.add(settings.text(name)));
        if (!made.containsKey(key)) {
            made.put(key, make(settings, isRequired));
        }
        return made.get(key);
    }

    TlsLogLevel logLevel(Settings settings) {
        return LogLevels.of(settings, "smtpd_tls_loglevel", warnings);
    }

    private @Nullable ServerContext make(Settings settings, boolean isRequired) {
        List<KeyChain> chains = TlsFiles.chains(settings, KeyParameters.SERVER);
        boolean asks = settings.flag("smtpd_tls_ask_ccert") || isRequired && settings.flag("smtpd_tls_req_ccert");
        if (!isRequired && settings.flag("smtpd_tls_req_ccert")) {
            warnings.accept("Can't require client certs unless TLS is required");
        }
        if (chains.isEmpty()) {
            if (asks) {
                warnings.accept("Need a server cert to request client certs");
            }
            warnings.accept("No server certs available. TLS can't be enabled");
            return null;
        }
        try {
            Authorities authorities = asks ? authorities(settings) : authoritiesIfAny(settings);
            ServerTerms terms = terms(settings, isRequired, asks, asks ? authorities : Authorities.NONE);
            Function<List<KeyChain>, ServerContext> contexts = some -> ServerContext.of(
                    engine.get(), some.stream().map(authorities::complete).toList(), terms, tickets);
            ServerContext usual = contexts.apply(chains);
            List<String> maps = settings.words("tls_server_sni_maps");
            return maps.isEmpty() ? usual : usual.with(names(settings, maps, contexts));
        } catch (TlsException e) {
            throw new ConfigException(String.valueOf(e.getMessage()));
        }
    }

    /** Where nobody is judged by them, what cannot be read is no reason to do without TLS. */
    private Authorities authoritiesIfAny(Settings settings) {
        try {
            return authorities(settings);
        } catch (ConfigException e) {
            warnings.accept(String.valueOf(e.getMessage()));
            return Authorities.NONE;
        }
    }

    private ServerNames names(Settings settings, List<String> maps, Function<List<KeyChain>, ServerContext> contexts) {
        return new ServerNames(
                maps.stream().map(tables::open).toList(), TlsFiles.pem(settings), contexts, workers, warnings);
    }

    private ServerTerms terms(Settings settings, boolean isRequired, boolean asks, Authorities authorities) {
        return new ServerTerms(
                AllowedVersions.of(settings, isRequired ? "smtpd_tls_mandatory_protocols" : "smtpd_tls_protocols"),
                ciphers(settings, isRequired),
                settings.flag("tls_preempt_cipherlist"),
                asks,
                authorities,
                fingerprint(settings),
                settings.time("smtpd_tls_session_cache_timeout"));
    }

    private CipherList ciphers(Settings settings, boolean isRequired) {
        String parameter = isRequired ? "smtpd_tls_mandatory_ciphers" : "smtpd_tls_ciphers";
        CipherList ciphers = CipherGrades.of(
                settings,
                parameter,
                isRequired
                        ? List.of("smtpd_tls_exclude_ciphers", "smtpd_tls_mandatory_exclude_ciphers")
                        : List.of("smtpd_tls_exclude_ciphers"));
        if (!ciphers.unknown().isEmpty()) {
            warnings.accept(parameter + " = " + settings.text(parameter) + ": no such cipher here: "
                    + String.join(", ", ciphers.unknown().stream().sorted().toList()));
        }
        return ciphers;
    }

    private static Fingerprint fingerprint(Settings settings) {
        try {
            return Fingerprint.of(settings.text("smtpd_tls_fingerprint_digest"));
        } catch (TlsException e) {
            throw settings.bad("smtpd_tls_fingerprint_digest", "md5, sha1, sha256, sha384 or sha512");
        }
    }

    private static Authorities authorities(Settings settings) {
        return TlsFiles.authorities(settings, "smtpd_tls_CAfile", "smtpd_tls_CApath", "smtpd_tls_ccert_verifydepth");
    }
}
