CREATE TABLE `template_sources` (
	`template_id` text PRIMARY KEY NOT NULL,
	`format` text NOT NULL,
	`document` text NOT NULL,
	`read_at` integer NOT NULL,
	FOREIGN KEY (`template_id`) REFERENCES `templates`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
ALTER TABLE `servers` ADD `image` text;--> statement-breakpoint
ALTER TABLE `servers` ADD `startup_name` text;--> statement-breakpoint
ALTER TABLE `servers` ADD `startup_command` text;--> statement-breakpoint
ALTER TABLE `templates` ADD `category` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `templates` ADD `images` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `templates` ADD `startups` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `templates` ADD `config_files` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `templates` ADD `file_denylist` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `templates` ADD `update_url` text;