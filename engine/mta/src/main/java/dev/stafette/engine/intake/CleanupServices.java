// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.engine.config.ServiceRow;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.match.ListTables;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The cleanup rows of master.cf: what each of them overrides holds for the mail of those services that name it in
 * cleanup_service_name.
 * Thread: start-up and reload.
 */
public final class CleanupServices {
    private static final String PROGRAM = "cleanup";
    private static final Set<String> CLIENTS = Set.of("smtp", "lmtp");
    private static final String LOCAL = "local";
    private static final String SIZE_LIMIT = "message_size_limit";
    private static final List<String> PROGRAMS =
            List.of("mailbox_command", "mailbox_command_maps", "allow_mail_to_commands");
    private static final String NO_MAPPINGS = "no_address_mappings";
    private static final String NO_MILTERS = "no_milters";
    private static final String NO_CHECKS = "no_header_body_checks";

    /** Words of receive_override_options; what others ask for is done elsewhere. */
    private static final Set<String> OVERRIDES =
            Set.of("no_unknown_recipient_checks", NO_CHECKS, NO_MILTERS, NO_MAPPINGS);

    /** Words of internal_mail_filter_classes; Postfix knows the others, too, and they mean nothing. */
    private static final List<String> FILTER_CLASSES =
            List.of("bounce", "notify", "forward", "qmqpd", "sendmail", "smtpd", "verify");

    private final Settings settings;
    private final List<ServiceRow> rows;
    private final ListTables tables;
    private final StepSources sources;
    private final boolean keepsOrigin;

    // Owned by whoever reads the configuration.
    private final Map<String, IntakeSettings> known = new HashMap<>();

    /**
     * @param settings main.cf
     * @param tables opens those of its lists
     */
    public CleanupServices(Settings settings, List<ServiceRow> services, ListTables tables, StepSources sources) {
        this.settings = settings;
        this.rows = services.stream()
                .filter(row ->
                        row.type() != ServiceRow.Type.INET && row.command().equals(PROGRAM))
                .toList();
        this.tables = tables;
        this.sources = sources;
        this.keepsOrigin = services.stream().anyMatch(row -> tellsOrigin(settings, row));
    }

    private static boolean tellsOrigin(Settings settings, ServiceRow row) {
        return row.isPipe() && row.arguments().stream().anyMatch(CleanupServices::namesClient)
                || row.type() == ServiceRow.Type.UNIX
                        && row.command().equals(LOCAL)
                        && runsPrograms(settings.forService(row))
                || row.type() == ServiceRow.Type.UNIX
                        && CLIENTS.contains(row.command())
                        && settings.forService(row).flag("smtp_send_xforward_command");
    }

    /** Their environment tells of the client. */
    private static boolean runsPrograms(Settings local) {
        return PROGRAMS.stream().anyMatch(name -> !local.text(name).isEmpty());
    }

    /** A word of a command that has macros of whom the message came from. */
    private static boolean namesClient(String word) {
        return word.contains("client_") || word.contains("sasl_");
    }

    /** For mail that comes in by a service. {@code service}: its settings. */
    public IntakeSettings of(Settings service) {
        IntakeSettings seen =
                overrides(service).contains(NO_MILTERS) ? common(service) : inspected(common(service), service);
        IntakeSettings sent = sealed(signed(returned(seen, service), service), service);
        IntakeSettings intake =
                reported(verified(sent, service), service).withContentFilter(service.text("content_filter"));
        List<String> words = overrides(service);
        intake = words.contains(NO_CHECKS) ? intake.withoutChecks() : intake;
        return words.contains(NO_MAPPINGS) ? intake.withoutMaps() : intake;
    }

    /**
     * As above, for mail of our own, to which neither receive_override_options nor content_filter applies. Its content is looked
     * into where {@code internal_mail_filter_classes} has the word for it: {@code bounce}, {@code notify}.
     */
    public IntakeSettings ofOurs(Settings service, String filterClass) {
        List<String> filtered = service.words("internal_mail_filter_classes");
        if (!FILTER_CLASSES.containsAll(filtered)) {
            throw service.bad("internal_mail_filter_classes", "some of " + String.join(" ", FILTER_CLASSES));
        }
        return filtered.contains(filterClass)
                ? signed(inspected(common(service), service), service)
                : signed(common(service), service).withoutChecks();
    }

    /** Of a message that comes in by a service: what that says, or the cleanup row if that allows less. 0: no limit. */
    public long messageBytesMax(Settings service) {
        long own = service.size(SIZE_LIMIT);
        long cleanup = own(service.text("cleanup_service_name"), service).size(SIZE_LIMIT);
        return own == 0 || cleanup == 0 ? Math.max(own, cleanup) : Math.min(own, cleanup);
    }

    private IntakeSettings inspected(IntakeSettings intake, Settings service) {
        IntakeStep step = sources.milters().of(own(service.text("cleanup_service_name"), service));
        return step == null ? intake : intake.inspectedBy(step);
    }

    private IntakeSettings signed(IntakeSettings intake, Settings service) {
        IntakeStep signer = sources.signers().of(service);
        return signer == null ? intake : intake.withLastStep(signer);
    }

    private IntakeSettings sealed(IntakeSettings intake, Settings service) {
        IntakeStep sealer = sources.sealers().of(service);
        return sealer == null ? intake : intake.withLastStep(sealer);
    }

    private IntakeSettings verified(IntakeSettings intake, Settings service) {
        IntakeStep verifier = sources.verifiers().of(service);
        return verifier == null ? intake : intake.withFirstStep(verifier);
    }

    private IntakeSettings returned(IntakeSettings intake, Settings service) {
        IntakeStep step = sources.returns().of(service);
        return step == null ? intake : intake.withLastStep(step);
    }

    private IntakeSettings reported(IntakeSettings intake, Settings service) {
        IntakeStep step = sources.reports().of(service);
        return step == null ? intake : intake.withFirstStep(step);
    }

    private IntakeSettings common(Settings service) {
        String name = service.text("cleanup_service_name");
        return known.computeIfAbsent(name, unused -> IntakeSettings.of(own(name, service), tables, keepsOrigin));
    }

    private static List<String> overrides(Settings service) {
        List<String> words = service.words("receive_override_options");
        if (!OVERRIDES.containsAll(words)) {
            throw service.bad("receive_override_options", "some of " + String.join(" ", OVERRIDES));
        }
        return words;
    }

    /** Without any such row, main.cf alone holds. */
    private Settings own(String name, Settings service) {
        ServiceRow row = row(name);
        if (row != null) {
            return settings.forService(row);
        }
        if (name.equals(PROGRAM)) {
            return settings;
        }
        throw service.bad("cleanup_service_name", "a cleanup service of master.cf");
    }

    private @Nullable ServiceRow row(String name) {
        for (ServiceRow row : rows) {
            if (row.name().equals(name)) {
                return row;
            }
        }
        return null;
    }
}
