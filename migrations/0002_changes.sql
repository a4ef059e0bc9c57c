CREATE TABLE `changes` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`kind` text NOT NULL,
	`entity_id` text NOT NULL,
	`owner_id` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `changes_entity` ON `changes` (`kind`,`entity_id`);
--> statement-breakpoint
CREATE TRIGGER `operations_inserted` AFTER INSERT ON `operations` BEGIN
	DELETE FROM `changes` WHERE `kind` = 'operation' AND `entity_id` = NEW.`id`;
	INSERT INTO `changes` (`kind`, `entity_id`, `owner_id`) VALUES ('operation', NEW.`id`, NULL);
END;
--> statement-breakpoint
CREATE TRIGGER `operations_updated` AFTER UPDATE ON `operations` BEGIN
	DELETE FROM `changes` WHERE `kind` = 'operation' AND `entity_id` = NEW.`id`;
	INSERT INTO `changes` (`kind`, `entity_id`, `owner_id`) VALUES ('operation', NEW.`id`, NULL);
END;
--> statement-breakpoint
CREATE TRIGGER `servers_inserted` AFTER INSERT ON `servers` BEGIN
	DELETE FROM `changes` WHERE `kind` = 'server' AND `entity_id` = NEW.`id`;
	INSERT INTO `changes` (`kind`, `entity_id`, `owner_id`) VALUES ('server', NEW.`id`, NEW.`owner_id`);
END;
--> statement-breakpoint
CREATE TRIGGER `servers_updated` AFTER UPDATE ON `servers` BEGIN
	DELETE FROM `changes` WHERE `kind` = 'server' AND `entity_id` = NEW.`id`;
	INSERT INTO `changes` (`kind`, `entity_id`, `owner_id`) VALUES ('server', NEW.`id`, NEW.`owner_id`);
END;
--> statement-breakpoint
CREATE TRIGGER `servers_deleted` AFTER DELETE ON `servers` BEGIN
	DELETE FROM `changes` WHERE `kind` = 'server' AND `entity_id` = OLD.`id`;
	INSERT INTO `changes` (`kind`, `entity_id`, `owner_id`) VALUES ('server', OLD.`id`, OLD.`owner_id`);
END;
--> statement-breakpoint
CREATE TRIGGER `nodes_updated` AFTER UPDATE OF `name`, `enrolled_at`, `online`, `offline_since`, `runtime` ON `nodes` BEGIN
	DELETE FROM `changes` WHERE `kind` = 'node' AND `entity_id` = NEW.`id`;
	INSERT INTO `changes` (`kind`, `entity_id`, `owner_id`) VALUES ('node', NEW.`id`, NULL);
END;
--> statement-breakpoint
CREATE TRIGGER `operations_deleted` AFTER DELETE ON `operations` BEGIN
	DELETE FROM `changes` WHERE `kind` = 'operation' AND `entity_id` = OLD.`id`;
END;
