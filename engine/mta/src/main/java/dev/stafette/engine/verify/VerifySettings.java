// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.verify;

import dev.stafette.engine.config.ServiceRow;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.intake.CleanupServices;
import dev.stafette.engine.intake.IntakeSettings;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.rewrite.AddressClasses;
import dev.stafette.engine.rewrite.AddressRewriter;
import dev.stafette.engine.rewrite.EnvelopeRewriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the configuration says to the verify row of master.cf.
 * Thread: any (a value).
 *
 * @param service the row's name
 * @param map {@code address_verify_map}, as the log has it
 * @param file where that is; null: nowhere
 * @param entriesMax {@code address_verify_entry_limit}
 * @param keepsFailures {@code address_verify_negative_cache}
 * @param cleanupInterval {@code address_verify_cache_cleanup_interval}; zero: never
 * @param rewriter completes the address that is asked for
 * @param intake how probes come in
 */
public record VerifySettings(
        String service,
        String map,
        @Nullable Path file,
        int entriesMax,
        LifeTimes lifeTimes,
        boolean keepsFailures,
        Duration cleanupInterval,
        ProbeSender sender,
        EnvelopeRewriter rewriter,
        IntakeSettings intake) {
    private static final String PROGRAM = "verify";
    private static final String MAP = "address_verify_map";
    private static final String BY_PROXY = "proxy:";
    private static final Set<String> FILE_TYPES = Set.of("btree", "hash", "lmdb", "sdbm");

    /** So that no file of Postfix's is taken for one of ours. */
    private static final String SUFFIX = ".entries";

    /** Null without such a row: then no address can be verified. {@code tables}: opens those of its lists. */
    public static @Nullable VerifySettings of(
            Settings settings, List<ServiceRow> services, ListTables tables, CleanupServices cleanups) {
        for (ServiceRow row : services) {
            if (row.type() != ServiceRow.Type.INET && row.command().equals(PROGRAM)) {
                return of(settings.forService(row), row.name(), tables, cleanups);
            }
        }
        return null;
    }

    private static VerifySettings of(Settings own, String service, ListTables tables, CleanupServices cleanups) {
        Settings resolver = own.ofResolver();
        AddressRewriter addresses = AddressRewriter.of(resolver, AddressClasses.of(resolver, tables));
        String map = own.text(MAP);
        return new VerifySettings(
                service,
                map.isEmpty() ? "internal:verify" : map,
                file(own),
                own.count("address_verify_entry_limit"),
                LifeTimes.of(own),
                own.flag("address_verify_negative_cache"),
                own.time("address_verify_cache_cleanup_interval"),
                ProbeSender.of(own, addresses),
                new EnvelopeRewriter(addresses),
                cleanups.ofOurs(own, "verify").withoutChecks());
    }

    private static @Nullable Path file(Settings settings) {
        String map = settings.text(MAP);
        if (map.isEmpty()) {
            return null;
        }
        String local = map.startsWith(BY_PROXY) ? map.substring(BY_PROXY.length()) : map;
        int colon = local.indexOf(':');
        String path = local.substring(colon + 1);
        if (colon < 0 || !FILE_TYPES.contains(local.substring(0, colon)) || !path.startsWith("/")) {
            throw settings.bad(MAP, "btree, hash, lmdb or sdbm, a colon and an absolute path; or nothing");
        }
        return Path.of(path + SUFFIX);
    }

    /** What the types of parameters cannot say; a ConfigException says what is wrong. */
    public static void check(Settings settings) {
        file(settings);
        String sender = settings.text("address_verify_sender");
        if (sender.startsWith("@") || sender.endsWith("@")) {
            throw settings.bad("address_verify_sender", "an address, a local part, or nothing");
        }
    }
}
