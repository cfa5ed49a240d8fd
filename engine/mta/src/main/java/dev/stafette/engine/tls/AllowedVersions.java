// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.tls;

import dev.stafette.delivery.tls.ProtocolList;
import dev.stafette.delivery.tls.TlsVersion;
import dev.stafette.engine.config.Settings;
import java.util.Set;

/**
 * The versions of TLS that a parameter allows.
 * Thread: start-up and reload.
 */
public final class AllowedVersions {
    private AllowedVersions() {}

    public static Set<TlsVersion> of(Settings settings, String parameter) {
        Set<TlsVersion> versions = ProtocolList.parse(settings.text(parameter));
        if (versions == null || versions.isEmpty()) {
            throw settings.bad(
                    parameter, "versions such as >=TLSv1.2 or !TLSv1, which leave at least one from TLSv1 to TLSv1.3");
        }
        return versions;
    }
}
