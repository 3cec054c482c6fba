package dev.leasehold.gateway.console;

import java.util.Locale;
import java.util.Map;
import org.thymeleaf.ITemplateEngine;
import org.thymeleaf.context.Context;

/** Writes the part of the page that changes by itself. */
final class StatusFragment {
    private static final String TEMPLATE = "console/status";

    private final ITemplateEngine templates;

    StatusFragment(ITemplateEngine templates) {
        this.templates = templates;
    }

    String html(StatusView status) {
        return templates.process(TEMPLATE, new Context(Locale.ENGLISH, Map.of("status", status)));
    }
}
