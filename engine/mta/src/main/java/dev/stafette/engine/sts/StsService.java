// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.sts;

import dev.stafette.delivery.dns.Dns;
import dev.stafette.delivery.tls.HttpsClient;
import dev.stafette.delivery.tls.TlsReports;
import dev.stafette.engine.config.Settings;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * What main.cf says of MTA-STS, and what is known of it from before.
 * Thread: start-up.
 */
public final class StsService {
    private StsService() {}

    /**
     * @param dns for any thread
     * @param fetchers may wait for name servers
     * @param workers for what waits for the disk
     * @param reports hears of policies that cannot be had
     */
    public static StsPolicies open(
            Settings settings,
            Dns dns,
            Executor fetchers,
            Executor workers,
            TlsReports reports,
            Consumer<String> warnings) {
        StsFile file = new StsFile(settings.queueDirectory().resolve(settings.text("tls_mta_sts_cache_file")));
        HttpsSource server = new HttpsSource(new HttpsClient(settings.time("tls_mta_sts_timeout"), fetchers));
        StsPolicies policies =
                new StsPolicies(dns, server, file, workers, reports, System::currentTimeMillis, warnings);
        policies.add(known(file, warnings));
        return policies;
    }

    private static Map<String, StsEntry> known(StsFile file, Consumer<String> warnings) {
        try {
            return file.open(System.currentTimeMillis());
        } catch (IOException e) {
            warnings.accept("tls_mta_sts_cache_file: " + e + " -- begins anew");
            return Map.of();
        }
    }
}
