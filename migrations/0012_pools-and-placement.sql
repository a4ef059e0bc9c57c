CREATE TABLE `ip_pools` (
	`id` text PRIMARY KEY NOT NULL,
	`node_id` text NOT NULL,
	`cidr` text NOT NULL,
	`port_from` integer NOT NULL,
	`port_to` integer NOT NULL,
	`alias` text,
	`public_host` text,
	`public_port_from` integer,
	`self_service` integer NOT NULL,
	FOREIGN KEY (`node_id`) REFERENCES `nodes`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `ip_pools_range` ON `ip_pools` (`node_id`,`cidr`,`port_from`,`port_to`);--> statement-breakpoint
ALTER TABLE `nodes` ADD `memory_overcommit` real DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE `nodes` ADD `cpu_overcommit` real DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE `nodes` ADD `disk_overcommit` real DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE `nodes` ADD `max_disk_mb` integer;--> statement-breakpoint
ALTER TABLE `nodes` ADD `tags` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `nodes` ADD `maintenance` integer DEFAULT false NOT NULL;