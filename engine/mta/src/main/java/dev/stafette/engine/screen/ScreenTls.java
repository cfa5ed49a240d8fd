// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.screen;

import dev.stafette.engine.config.Settings;
import dev.stafette.engine.tls.ServerContexts;
import dev.stafette.engine.tls.ServerTls;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * TLS with clients that have no session: what main.cf says of it in names of its own.
 * Thread: start-up and reload.
 */
final class ScreenTls {
    /** Each stands for the one of smtpd that has the same end. */
    private static final List<String> NAMES = List.of(
            "postscreen_starttls_timeout",
            "postscreen_tls_cert_file",
            "postscreen_tls_key_file",
            "postscreen_tls_eccert_file",
            "postscreen_tls_eckey_file",
            "postscreen_tls_chain_files",
            "postscreen_tls_CAfile",
            "postscreen_tls_CApath",
            "postscreen_tls_ask_ccert",
            "postscreen_tls_req_ccert",
            "postscreen_tls_ccert_verifydepth",
            "postscreen_tls_fingerprint_digest",
            "postscreen_tls_protocols",
            "postscreen_tls_mandatory_protocols",
            "postscreen_tls_ciphers",
            "postscreen_tls_mandatory_ciphers",
            "postscreen_tls_exclude_ciphers",
            "postscreen_tls_mandatory_exclude_ciphers",
            "postscreen_tls_loglevel");

    /** What is said to clients. */
    private static final List<String> OFFER =
            List.of("postscreen_tls_security_level", "postscreen_use_tls", "postscreen_enforce_tls");

    /** What stands ready for it, which Postfix has in a process of its own. */
    private static final List<String> ENGINE =
            List.of("tlsproxy_tls_security_level", "tlsproxy_use_tls", "tlsproxy_enforce_tls");

    private ScreenTls() {}

    /** {@code settings}: those of the row. */
    static ServerTls of(Settings settings, ServerContexts contexts) {
        Settings engine = engine(settings);
        ServerTls offer = ServerTls.of(ofScreen(settings), contexts);
        if (!offer.isOffered()) {
            return ServerTls.NONE;
        }
        // Where nobody has said more there is what is offered.
        return ENGINE.stream().noneMatch(engine::isSet)
                ? offer
                : offer.with(ServerTls.of(asOfSessions(settings, engine, ENGINE), contexts)
                        .context());
    }

    private static Settings engine(Settings settings) {
        return settings.ofService(settings.anyText("tlsproxy_service_name"), "tlsproxy");
    }

    /** What is said to clients, in the names that sessions have for it. {@code settings}: those of the row. */
    static Settings ofScreen(Settings settings) {
        return asOfSessions(settings, engine(settings), OFFER);
    }

    /**
     * @param engine settings of the row of tlsproxy, which has what the screen's own row and main.cf do not name as the screen's
     * @param level names of the three parameters that have it
     */
    private static Settings asOfSessions(Settings settings, Settings engine, List<String> level) {
        Map<String, String> values = new LinkedHashMap<>();
        Stream.concat(level.stream(), NAMES.stream()).forEach(name -> {
            boolean isOfEngine = ENGINE.contains(name) || name.contains("_tls_") && !settings.isSet(name);
            Settings source = isOfEngine && !OFFER.contains(name) ? engine : settings;
            values.put("smtpd" + name.substring(name.indexOf('_')), source.text(name));
        });
        values.put("smtpd_tls_wrappermode", "no");
        return settings.with(values, "main.cf, as postscreen_tls_...");
    }
}
