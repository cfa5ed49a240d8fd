// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.engine.auth.AuthServers;
import dev.stafette.engine.milter.MilterPlace;
import dev.stafette.engine.restriction.RestrictionSources;
import dev.stafette.engine.tls.ServerContexts;

/**
 * Whom sessions ask, whatever their service.
 * Thread: any (a value).
 *
 * @param restrictions beside tables
 * @param logins who checks them
 * @param contexts of TLS
 * @param milters where they are
 */
public record ServiceSources(
        RestrictionSources restrictions, AuthServers logins, ServerContexts contexts, MilterPlace milters) {}
