// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.engine.auth.AuthServer;

/** Settings of a server whose clients may log in. */
final class TestLogins {
    private TestLogins() {}

    static SmtpServerSettings by(AuthServer server, SmtpServerSettings settings) {
        AuthRules rules = settings.auth();
        return new SmtpServerSettings(
                settings.hostName(),
                settings.banner(),
                settings.protocol(),
                settings.commandFilter(),
                settings.limits(),
                settings.clients(),
                settings.rewriter(),
                settings.recipients(),
                settings.probeSender(),
                settings.restrictions(),
                new AuthRules(
                        server,
                        rules.onlySecure(),
                        rules.inClear(),
                        rules.secure(),
                        rules.filter(),
                        rules.exceptions(),
                        rules.service(),
                        rules.showsUser(),
                        rules.offersTwice(),
                        rules.responseBytesMax()),
                settings.footer(),
                settings.intake(),
                settings.milters(),
                settings.proxy(),
                settings.postmaster(),
                settings.flushDomains(),
                settings.tls());
    }
}
