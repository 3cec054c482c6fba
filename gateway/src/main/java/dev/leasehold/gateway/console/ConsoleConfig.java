package dev.leasehold.gateway.console;

import dev.leasehold.catalog.model.Catalog;
import dev.leasehold.deploy.api.DeploymentFeed;
import dev.leasehold.deploy.deployment.DeploymentService;
import dev.leasehold.deploy.offer.Capacities;
import dev.leasehold.gateway.openai.ChatRelay;
import dev.leasehold.gateway.openai.DataSettings;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.CacheControl;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.thymeleaf.ITemplateEngine;
import tools.jackson.databind.json.JsonMapper;

/** Puts the console together. Imported beside the control plane, the admission and whoever answers chat requests. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DataSettings.class)
public class ConsoleConfig implements WebMvcConfigurer {
    private static final Duration FOR_EVER = Duration.ofDays(365);

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        registry.addResourceHandler("/" + Assets.FOLDER + "**")
                .addResourceLocations("classpath:/" + Assets.FOLDER)
                .setUseLastModified(false)
                .setCacheControl(CacheControl.maxAge(FOR_EVER).immutable());
    }

    @Bean
    CurlLines curlLines(DataSettings data, @Value("${leasehold.home}") String home) {
        return new CurlLines(data.address(), data.port(), Path.of(home));
    }

    @Bean
    StatusBoard statusBoard(Capacities capacities, CurlLines curl) {
        return new StatusBoard(capacities, curl);
    }

    @Bean
    StatusFragment statusFragment(ITemplateEngine templates) {
        return new StatusFragment(templates);
    }

    @Bean
    PageController pageController(Catalog catalog, DeploymentFeed feed, StatusBoard board, CurlLines curl) {
        return new PageController(catalog, feed, board, curl, Assets.find());
    }

    @Bean
    EventStream eventStream(DeploymentFeed feed, StatusBoard board, StatusFragment fragment) {
        return new EventStream(feed, board, fragment);
    }

    @Bean
    DeploymentForms deploymentForms(DeploymentService deployments, StatusBoard board, StatusFragment fragment) {
        return new DeploymentForms(deployments, board, fragment);
    }

    @Bean
    ChatController chatController(ChatRelay relay, JsonMapper json) {
        return new ChatController(relay, json);
    }
}
