// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.log;

import dev.stafette.engine.config.Settings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the mail log depends on.
 * Thread: any (a value).
 *
 * @param file null: the syslog daemon if the machine has one, and else standard error; {@code /dev/stdout} and
 *     {@code /dev/stderr} are what this process has open
 * @param permissions of a file that is created: {@code 0600}, {@code 0640} or {@code 0644}
 * @param facility what the daemon knows such lines by ({@code syslog_facility})
 * @param hostName logged up to its first dot
 * @param syslogName what stands before the slash of the program name
 * @param syslogNames the same for programs whose rows of master.cf have another
 * @param delayDigitsMax digits after the point of a delay (delay_logging_resolution_limit)
 * @param internalAddresses without the quotes of RFC 5321 (info_log_address_format)
 */
public record LogSettings(
        @Nullable Path file,
        String permissions,
        String facility,
        String hostName,
        String syslogName,
        Map<String, String> syslogNames,
        long processId,
        int delayDigitsMax,
        ZoneId zone,
        boolean internalAddresses) {
    /** Microseconds: more digits do not exist. */
    private static final int DELAY_DIGITS_LIMIT = 6;

    /** Programs that work for the whole process, by the names of their services. */
    private static final Map<String, String> SHARED = Map.of(
            "anvil", "anvil",
            "bounce", "bounce",
            "cleanup", "cleanup",
            "pickup", "pickup",
            "qmgr", "qmgr",
            "rewrite", "trivial-rewrite",
            "tlsproxy", "tlsproxy",
            "verify", "verify");

    public LogSettings {
        syslogNames = Map.copyOf(syslogNames);
        if (delayDigitsMax < 0 || delayDigitsMax > DELAY_DIGITS_LIMIT) {
            throw new IllegalArgumentException(
                    "delay digits: " + delayDigitsMax + " (expected: 0.." + DELAY_DIGITS_LIMIT + ")");
        }
    }

    /** All programs have one syslog_name. */
    public LogSettings(
            @Nullable Path file,
            String permissions,
            String facility,
            String hostName,
            String syslogName,
            long processId,
            int delayDigitsMax,
            ZoneId zone,
            boolean internalAddresses) {
        this(
                file,
                permissions,
                facility,
                hostName,
                syslogName,
                Map.of(),
                processId,
                delayDigitsMax,
                zone,
                internalAddresses);
    }

    /** Of this process, as main.cf and master.cf have it. */
    public static LogSettings of(Settings settings) {
        String file = settings.text("maillog_file");
        return new LogSettings(
                file.isEmpty() ? null : Path.of(file),
                settings.choice("maillog_file_permissions"),
                settings.choice("syslog_facility"),
                settings.text("myhostname"),
                settings.text("syslog_name"),
                syslogNames(settings),
                ProcessHandle.current().pid(),
                settings.count("delay_logging_resolution_limit"),
                ZoneId.systemDefault(),
                settings.choice("info_log_address_format").equals("internal"));
    }

    private static Map<String, String> syslogNames(Settings settings) {
        String usual = settings.text("syslog_name");
        Map<String, String> names = new TreeMap<>();
        SHARED.forEach((service, program) -> {
            String own = settings.ofService(service, program).text("syslog_name");
            if (!own.equals(usual)) {
                names.put(program, own);
            }
        });
        return names;
    }

    /** For a program of which each row has lines of its own. */
    LogSettings withSyslogName(String changed) {
        return new LogSettings(
                file, permissions, facility, hostName, changed, processId, delayDigitsMax, zone, internalAddresses);
    }

    boolean isSameOutput(LogSettings other) {
        return Objects.equals(file, other.file)
                && permissions.equals(other.permissions)
                && facility.equals(other.facility);
    }

    /** What stands between the time and the text: {@code  host postfix/smtpd[42]: }. */
    byte[] head(String program) {
        int dot = hostName.indexOf('.');
        String host = dot < 0 ? hostName : hostName.substring(0, dot);
        String name = syslogNames.getOrDefault(program, syslogName);
        return (" " + host + " " + name + "/" + program + "[" + processId + "]: ").getBytes(StandardCharsets.UTF_8);
    }
}
